package dev.earshot.registry.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Objects as files below one directory. An object is written to a temporary file, forced to the
 * disk, renamed to its key, and the folders that hold the name are forced, too: it survives a power
 * cut from the moment that the call returns. Several processes, also on several machines with one
 * POSIX file system, may share the directory. Folders that become empty go. Symbolic links below
 * the directory are never followed.
 */
public final class LocalObjectStore implements ObjectStore {
  private static final String INCOMING = ".incoming";

  /** Temporary files of writers that died are removed at start when this old. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  /** A folder may be pruned by another process just before a file is moved there. */
  private static final int ATTEMPTS = 16;

  private final Path root;
  private final Path incoming;

  private LocalObjectStore(Path root, Path incoming) {
    this.root = root;
    this.incoming = incoming;
  }

  /**
   * Opens the store, creating its directory.
   *
   * @throws IOException when it can't be written
   */
  public static LocalObjectStore open(Path directory) throws IOException {
    Path root = Files.createDirectories(directory).toRealPath();
    Path incoming = Files.createDirectories(root.resolve(INCOMING));
    LocalObjectStore store = new LocalObjectStore(root, incoming);
    if (!store.problem().isEmpty()) {
      throw new IOException(store.problem());
    }
    store.removeAbandoned();
    return store;
  }

  @Override
  public Optional<Stat> stat(String key) throws IOException {
    Path path = path(key);
    try {
      BasicFileAttributes found = attributes(path);
      return found.isRegularFile()
          ? Optional.of(new Stat(key, found.size(), found.lastModifiedTime().toInstant()))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      if (underAFile(path)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public byte[] read(String key, int most) throws IOException {
    try (SeekableByteChannel channel = channel(key)) {
      long length = channel.size();
      if (length > most) {
        throw new IOException("%s: %d bytes (expected: at most %d)".formatted(key, length, most));
      }
      ByteBuffer content = ByteBuffer.allocate((int) length);
      while (content.hasRemaining()) {
        if (channel.read(content) < 0) {
          throw new EOFException(key + ": ended at " + content.position() + " of " + length);
        }
      }
      return content.array();
    }
  }

  @Override
  public InputStream open(String key, long offset, long length) throws IOException {
    SeekableByteChannel channel = channel(key);
    try {
      long size = channel.size();
      ObjectRange.require(key, offset, length, size);
      channel.position(offset);
      return new ExactInputStream(Channels.newInputStream(channel), key, length);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public Optional<Path> file(String key) {
    Path path = root.resolve(ObjectKey.require(key));
    return !linked(path) && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(path)
        : Optional.empty();
  }

  @Override
  public void put(String key, byte[] content) throws IOException {
    Path path = path(key);
    Path part = Files.createTempFile(incoming, "", ".part");
    try {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      place(part, path);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  @Override
  public void move(Path file, String key) throws IOException {
    Path path = path(key);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      // A file that was spooled slowly is as new an object as any.
      Files.setLastModifiedTime(file, now());
      channel.force(true);
    }
    try {
      place(file, path);
    } catch (AtomicMoveNotSupportedException e) {
      copyThenPlace(file, path);
    }
  }

  /** From another file system a rename can't be had: the bytes go through a file of this one. */
  private void copyThenPlace(Path file, Path path) throws IOException {
    Path part = Files.createTempFile(incoming, "", ".part");
    try {
      Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      place(part, path);
      Files.delete(file);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void place(Path part, Path path) throws IOException {
    Path folder = folder(path);
    for (int attempt = 1; ; attempt++) {
      try {
        Files.createDirectories(folder);
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
        break;
      } catch (NoSuchFileException | FileAlreadyExistsException e) {
        // Pruned before the move; or seen by createDirectories, and pruned before its second look.
        if (attempt == ATTEMPTS || !Files.exists(part)) {
          throw e;
        }
      }
    }
    force(root);
    for (Path each = folder; !each.equals(root); each = folder(each)) {
      force(each);
    }
  }

  @Override
  public boolean touch(String key) throws IOException {
    try {
      Path path = path(key);
      if (!attributes(path).isRegularFile()) {
        return false;
      }
      Files.setLastModifiedTime(path, now());
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** By the clock of the file system, which may be another machine's. */
  private FileTime now() throws IOException {
    Path probe = Files.createTempFile(incoming, "", ".part");
    try {
      return Files.getLastModifiedTime(probe);
    } finally {
      Files.delete(probe);
    }
  }

  @Override
  public void delete(String key) throws IOException {
    Path path = path(key);
    if (stat(key).isEmpty() || !Files.deleteIfExists(path)) {
      return;
    }
    Path folder = folder(path);
    force(folder);
    try {
      for (; !folder.equals(root); folder = folder(folder)) {
        Files.delete(folder);
      }
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      // Somebody still needs it, or pruned it first.
      return;
    }
  }

  @Override
  public void list(String prefix, Consumer<Stat> each) throws IOException {
    ObjectKey.requirePrefix(prefix);
    new LocalListing(prefix, each).walk(root, "");
  }

  @Override
  public String problem() {
    return Files.isWritable(incoming) ? "" : root + ": not writable";
  }

  @Override
  public void close() {}

  private SeekableByteChannel channel(String key) throws IOException {
    Path path = path(key);
    if (!attributes(path).isRegularFile()) {
      throw new NoSuchFileException(key);
    }
    return Files.newByteChannel(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private Path path(String key) throws IOException {
    Path path = root.resolve(ObjectKey.require(key));
    if (linked(path)) {
      throw new IOException(path + ": is or lies behind a symbolic link (expected: none)");
    }
    return path;
  }

  private boolean linked(Path path) {
    for (Path each = path; !each.equals(root); each = folder(each)) {
      if (Files.isSymbolicLink(each)) {
        return true;
      }
    }
    return false;
  }

  /** Of something below the root. */
  private Path folder(Path path) {
    Path folder = path.getParent();
    return folder == null ? root : folder;
  }

  /** ENOTDIR has no exception of its own. */
  private boolean underAFile(Path path) {
    for (Path each = folder(path); !each.equals(root); each = folder(each)) {
      if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
        return true;
      }
    }
    return false;
  }

  /** A rename lasts only once the folder that holds the name was forced, too. */
  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (NoSuchFileException e) {
      // Pruned by whoever deleted its last object meanwhile: nothing left to make durable.
      return;
    }
  }

  private void removeAbandoned() throws IOException {
    Instant oldest = now().toInstant().minus(ABANDONED);
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(incoming, "*.part")) {
      for (Path part : parts) {
        if (old(part, oldest)) {
          Files.deleteIfExists(part);
        }
      }
    }
  }

  private static boolean old(Path part, Instant oldest) throws IOException {
    try {
      return attributes(part).lastModifiedTime().toInstant().isBefore(oldest);
    } catch (NoSuchFileException e) {
      // Its writer has just finished.
      return false;
    }
  }
}
