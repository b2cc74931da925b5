package dev.earshot.agent.device;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.earshot.agent.port.Flash;
import dev.earshot.agent.update.Slots;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.v1.Slot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flash as a directory: {@code state}, {@code trust}, {@code slot-a/} and {@code slot-b/}. A record
 * is written to a temporary file, forced to the medium, renamed over the old one, and the directory
 * is forced too: a power cut leaves the old or the new one. It carries a checksum (CRC-32C) and its
 * length, so that a medium that lies is noticed. The state before is kept beside it ({@code
 * state.old}, a hard link where the file system has them) and stands in for one that the medium
 * lost: each names only slots that the effects of the next do not write to, so starting from the
 * one before is as safe as a power cut a moment earlier.
 */
final class FileFlash implements Flash, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileFlash.class);

  /** {@code EARS}, then the format's version 1. */
  private static final long MAGIC = 0x4541_5253_0000_0001L;

  /** {@code EART}, then the format's version 1. */
  private static final long TRUST_MAGIC = 0x4541_5254_0000_0001L;

  private static final int HEADER_BYTES = 8 + 4 + 4;

  private final Path directory;
  private final long slotBytes;
  private final FileChannel lockChannel;
  private final @Nullable FileLock lock;
  private boolean standIn;

  /**
   * Opens or creates the directory for one agent.
   *
   * @param slotBytes how much a slot holds at most
   * @throws IOException when it can't be written, or another agent uses it
   */
  FileFlash(Path directory, long slotBytes) throws IOException {
    this.directory = directory;
    this.slotBytes = slotBytes;
    Files.createDirectories(slot(Slot.SLOT_A));
    Files.createDirectories(slot(Slot.SLOT_B));
    lockChannel = FileChannel.open(directory.resolve("lock"), CREATE, WRITE);
    lock = tryLock(lockChannel);
    if (lock == null) {
      lockChannel.close();
      throw new CannotRun(
          ExitCode.STATE_IN_USE,
          directory + ": another agent is using it (stop that one, or give this one --state)");
    }
    Files.deleteIfExists(temporary(record()));
    Files.deleteIfExists(temporary(trust()));
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public Optional<byte[]> readRecord() throws IOException {
    standIn = false;
    try {
      Optional<byte[]> newest = read(record(), MAGIC, "state");
      if (newest.isPresent() || !Files.exists(previous())) {
        return newest;
      }
      return standIn(new IOException(record() + ": absent, although there was one"));
    } catch (IOException e) {
      if (!Files.exists(previous())) {
        throw e;
      }
      return standIn(e);
    }
  }

  private Optional<byte[]> standIn(IOException lost) throws IOException {
    try {
      Optional<byte[]> before = read(previous(), MAGIC, "state");
      log.error("{}; going on from the record before", lost.getMessage());
      standIn = true;
      return before;
    } catch (IOException e) {
      lost.addSuppressed(e);
      throw lost;
    }
  }

  @Override
  public boolean isStandIn() {
    return standIn;
  }

  @Override
  public void writeRecord(byte[] content) throws IOException {
    prepare(record(), MAGIC, content);
    keepPrevious();
    replace(record());
    standIn = false;
  }

  @Override
  public Optional<byte[]> readTrust() throws IOException {
    return read(trust(), TRUST_MAGIC, "trust");
  }

  @Override
  public void writeTrust(byte[] content) throws IOException {
    prepare(trust(), TRUST_MAGIC, content);
    replace(trust());
  }

  private static Optional<byte[]> read(Path file, long magic, String what) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER_BYTES || in.getLong() != magic) {
      throw new IOException(file + ": not a " + what + " record");
    }
    int length = in.getInt();
    int checksum = in.getInt();
    if (length != in.remaining()) {
      throw new IOException(
          file + ": " + in.remaining() + " bytes of record (expected: " + length + ")");
    }
    byte[] content = Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length);
    if (checksum(content) != checksum) {
      throw new IOException(file + ": its checksum does not match; the medium changed it");
    }
    return Optional.of(content);
  }

  private static void prepare(Path file, long magic, byte[] content) throws IOException {
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_BYTES + content.length)
            .putLong(magic)
            .putInt(content.length)
            .putInt(checksum(content))
            .put(content)
            .flip();
    try (FileChannel channel =
        FileChannel.open(temporary(file), CREATE, WRITE, TRUNCATE_EXISTING)) {
      writeAll(channel, out);
      channel.force(true);
    }
  }

  private void replace(Path file) throws IOException {
    try {
      Files.move(
          temporary(file),
          file,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(
          directory + ": this file system can't rename atomically; choose another --state", e);
    }
    force(directory);
  }

  /** What stands in already is the only whole record there is, and stays until a new one is. */
  private void keepPrevious() throws IOException {
    if (standIn || !Files.exists(record())) {
      return;
    }
    Files.deleteIfExists(previous());
    try {
      Files.createLink(previous(), record());
    } catch (UnsupportedOperationException | FileSystemException e) {
      log.debug("{}: no hard links here, so no record to stand in", directory, e);
    }
  }

  @Override
  public long slotCapacityBytes(Slot slot) throws IOException {
    long held = 0;
    for (Part part : Part.values()) {
      held += length(slot, part);
    }
    return Math.min(slotBytes, Files.getFileStore(directory).getUsableSpace() + held);
  }

  @Override
  public void erase(Slot slot) throws IOException {
    for (Part part : Part.values()) {
      Files.deleteIfExists(file(slot, part));
    }
    force(slot(slot));
  }

  @Override
  public long length(Slot slot, Part part) throws IOException {
    Path file = file(slot, part);
    return Files.exists(file) ? Files.size(file) : 0;
  }

  @Override
  public void append(Slot slot, Part part, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file(slot, part), CREATE, WRITE, APPEND)) {
      writeAll(channel, ByteBuffer.wrap(bytes));
    }
  }

  @Override
  public void sync(Slot slot) throws IOException {
    for (Part part : Part.values()) {
      Path file = file(slot, part);
      if (Files.exists(file)) {
        try (FileChannel channel = FileChannel.open(file, WRITE)) {
          channel.force(true);
        }
      }
    }
    force(slot(slot));
  }

  @Override
  public byte[] read(Slot slot, Part part) throws IOException {
    Path file = file(slot, part);
    return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
  }

  @Override
  public Digest digest(Slot slot, Part part) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    Path file = file(slot, part);
    if (Files.exists(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        byte[] buffer = new byte[16 * 1024];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          sha256.update(buffer, 0, read);
        }
      }
    }
    return Digest.ofBytes(sha256.digest());
  }

  /** Lets another agent have the directory. */
  @Override
  public void close() throws IOException {
    lockChannel.close();
  }

  private Path record() {
    return directory.resolve("state");
  }

  private Path previous() {
    return directory.resolve("state.old");
  }

  private Path trust() {
    return directory.resolve("trust");
  }

  private static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  private Path slot(Slot slot) {
    return directory.resolve(Slots.label(slot).equals("A") ? "slot-a" : "slot-b");
  }

  private Path file(Slot slot, Part part) {
    return slot(slot)
        .resolve(
            switch (part) {
              case MANIFEST -> "manifest.json";
              case SELF_TEST -> "self-test.pb";
              case MODEL -> "model.tflite";
            });
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** A rename or a deletion is durable only when the directory is. */
  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  private static int checksum(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return (int) crc.getValue();
  }
}
