package dev.earshot.simulator.flash;

import dev.earshot.agent.port.Flash;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.simulator.flash.JournalFormat.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fleet's flash in one directory: an append-only journal of records and slots, and the files that
 * slots hold, each once, by digest. What was written survives the end of the process at any instant
 * (kill -9); a power cut of the machine may cost what was written since the last {@link #force()}.
 * One process uses a directory at a time. Safe for use by many threads.
 */
public final class FlashJournal implements FlashStore, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FlashJournal.class);
  private static final long LEAST_BEFORE_COMPACTION = 16 << 20;

  private final Path directory;
  private final ImagePool pool;
  private final FileChannel lockFile;
  private final Map<Integer, State> devices = new TreeMap<>();
  private final Set<Digest> stored = new HashSet<>();
  private final List<SimulatedFlash> handedOut = new ArrayList<>();
  private FileChannel journal;
  private long sizeWhenCompact;

  private FlashJournal(Path directory, ImagePool pool, FileChannel lockFile) throws IOException {
    this.directory = directory;
    this.pool = pool;
    this.lockFile = lockFile;
    load();
    this.journal = compacted();
  }

  /** What one device's flash holds. */
  private static final class State {
    byte @Nullable [] record;
    @Nullable Digest trust;
    final Map<Slot, Map<Flash.Part, Digest>> slots = new EnumMap<>(Slot.class);
  }

  /**
   * Opens the directory, which is made when it is missing.
   *
   * @throws IOException when it can't be read or written, or another process uses it
   */
  public static FlashJournal open(Path directory, ImagePool pool) throws IOException {
    Files.createDirectories(directory.resolve("images"));
    FileChannel lockFile =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = lockFile.tryLock();
      if (lock == null) {
        throw new OverlappingFileLockException();
      }
      return new FlashJournal(directory, pool, lockFile);
    } catch (OverlappingFileLockException e) {
      lockFile.close();
      throw new IOException(
          directory + ": another simulator uses it (fix: stop that one or name another directory)",
          e);
    } catch (IOException e) {
      lockFile.close();
      throw e;
    }
  }

  /** The flash of that device; blank when the journal has never heard of it. */
  public synchronized SimulatedFlash flash(int device) throws IOException {
    SimulatedFlash flash = restored(device);
    handedOut.add(flash);
    return flash;
  }

  private SimulatedFlash restored(int device) throws IOException {
    State state = devices.get(device);
    if (state == null) {
      return new SimulatedFlash(device, pool, this);
    }
    Map<Slot, Map<Flash.Part, Image>> slots = new EnumMap<>(Slot.class);
    for (Map.Entry<Slot, Map<Flash.Part, Digest>> slot : state.slots.entrySet()) {
      Map<Flash.Part, Image> parts = new EnumMap<>(Flash.Part.class);
      for (Map.Entry<Flash.Part, Digest> part : slot.getValue().entrySet()) {
        parts.put(part.getKey(), image(part.getValue()));
      }
      slots.put(slot.getKey(), parts);
    }
    Digest trust = state.trust;
    return SimulatedFlash.restored(
        device, pool, this, state.record, trust == null ? null : image(trust), slots);
  }

  @Override
  public synchronized void writeRecord(int device, byte[] bytes) throws IOException {
    append(new Entry.StateRecord(device, bytes));
  }

  @Override
  public synchronized void writeTrust(int device, Image trust) throws IOException {
    store(trust);
    append(new Entry.Trust(device, trust.digest()));
  }

  @Override
  public synchronized void writeSlot(int device, Slot slot, Map<Flash.Part, Image> parts)
      throws IOException {
    Map<Flash.Part, Digest> digests = new EnumMap<>(Flash.Part.class);
    for (Map.Entry<Flash.Part, Image> part : parts.entrySet()) {
      store(part.getValue());
      digests.put(part.getKey(), part.getValue().digest());
    }
    append(new Entry.SlotContent(device, slot, digests));
  }

  /** Makes what was written survive a power cut of this machine, too. */
  public synchronized void force() throws IOException {
    journal.force(false);
  }

  /** To be called when no device uses its flash any more. */
  @Override
  public synchronized void close() throws IOException {
    if (!journal.isOpen()) {
      return;
    }
    try (lockFile) {
      for (SimulatedFlash flash : handedOut) {
        flash.syncAll();
      }
      journal.force(true);
      journal.close();
    }
  }

  private void append(Entry entry) throws IOException {
    write(journal, entry);
    remember(entry);
    if (journal.position() > 4 * sizeWhenCompact + LEAST_BEFORE_COMPACTION) {
      journal.close();
      journal = compacted();
    }
  }

  private void remember(Entry entry) {
    State state = devices.computeIfAbsent(entry.device(), key -> new State());
    switch (entry) {
      case Entry.StateRecord(int device, byte[] bytes) -> state.record = bytes;
      case Entry.Trust(int device, Digest content) -> state.trust = content;
      case Entry.SlotContent(int device, Slot slot, Map<Flash.Part, Digest> parts) ->
          state.slots.put(slot, parts);
    }
  }

  private void load() throws IOException {
    Path file = directory.resolve("journal");
    if (!Files.exists(file)) {
      return;
    }
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
    while (true) {
      Optional<Entry> entry = JournalFormat.decode(content);
      if (entry.isEmpty()) {
        break;
      }
      remember(entry.get());
    }
    if (content.hasRemaining()) {
      log.warn(
          "{}: the last {} bytes are torn and ignored, as after a power cut",
          file,
          content.remaining());
    }
  }

  /**
   * Writes the present state to a new journal, drops files that no slot holds, and goes on there.
   */
  private FileChannel compacted() throws IOException {
    Path next = directory.resolve("journal.next");
    FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    Set<Digest> held = new HashSet<>();
    for (Map.Entry<Integer, State> device : devices.entrySet()) {
      State state = device.getValue();
      for (Map.Entry<Slot, Map<Flash.Part, Digest>> slot : state.slots.entrySet()) {
        held.addAll(slot.getValue().values());
        write(channel, new Entry.SlotContent(device.getKey(), slot.getKey(), slot.getValue()));
      }
      Digest trust = state.trust;
      if (trust != null) {
        held.add(trust);
        write(channel, new Entry.Trust(device.getKey(), trust));
      }
      byte[] record = state.record;
      if (record != null) {
        write(channel, new Entry.StateRecord(device.getKey(), record));
      }
    }
    channel.force(true);
    Files.move(next, directory.resolve("journal"), StandardCopyOption.ATOMIC_MOVE);
    sizeWhenCompact = channel.position();
    dropImagesExcept(held);
    return channel;
  }

  private void dropImagesExcept(Set<Digest> held) throws IOException {
    stored.clear();
    try (var files = Files.list(directory.resolve("images"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.matches("[0-9a-f]{64}") && held.contains(new Digest(name))) {
          stored.add(new Digest(name));
        } else {
          Files.delete(file);
        }
      }
    }
  }

  private void store(Image image) throws IOException {
    if (stored.contains(image.digest())) {
      return;
    }
    Path images = directory.resolve("images");
    Path next = images.resolve(image.digest().hex() + ".next");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(image.bytes());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, images.resolve(image.digest().hex()), StandardCopyOption.ATOMIC_MOVE);
    stored.add(image.digest());
  }

  private Image image(Digest digest) throws IOException {
    Optional<Image> known = pool.find(digest);
    if (known.isPresent()) {
      return known.get();
    }
    Image image = pool.share(Files.readAllBytes(directory.resolve("images").resolve(digest.hex())));
    if (!image.digest().equals(digest)) {
      throw new IOException(
          directory.resolve("images").resolve(digest.hex())
              + ": its content has changed (fix: delete the directory; the fleet is made anew)");
    }
    return image;
  }

  private static void write(FileChannel channel, Entry entry) throws IOException {
    ByteBuffer bytes = JournalFormat.encode(entry);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
