package dev.earshot.registry.blob;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The local directory of what is still coming: {@code *.part} of uploads in one request, {@code
 * *.session} of those that are resumed. Thread-safe.
 */
final class Spool {
  static final String SPARE = ".spare";

  /** Not touched for so long, by the file system's clock: nobody will come back. */
  static final Duration ABANDONED = Duration.ofDays(1);

  private static final String PART = ".part";
  private static final String SESSION = ".session";

  private final Path directory;

  private Spool(Path directory) {
    this.directory = directory;
  }

  static Spool open(Path directory) throws IOException {
    Spool spool = new Spool(Files.createDirectories(directory).toRealPath());
    if (!spool.problem().isEmpty()) {
      throw new IOException(spool.problem());
    }
    spool.removeAbandoned();
    return spool;
  }

  String problem() {
    return Files.isWritable(directory) ? "" : directory + ": not writable";
  }

  /** A new, empty file for an upload in one request. */
  Path part() throws IOException {
    return Files.createTempFile(directory, "", PART);
  }

  /** The file of a session, whether there is one or not. */
  Path session(String id) {
    return directory.resolve(id + SESSION);
  }

  /** How many bytes a session holds. */
  OptionalLong length(String id) throws IOException {
    try {
      return OptionalLong.of(Files.size(session(id)));
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  void removeAbandoned() throws IOException {
    Path probe = part();
    Instant oldest;
    try {
      oldest = Files.getLastModifiedTime(probe).toInstant().minus(ABANDONED);
    } finally {
      Files.deleteIfExists(probe);
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, "*{" + PART + "," + SESSION + "," + SPARE + "}")) {
      for (Path file : files) {
        Optional<Instant> written = written(file);
        if (written.isPresent() && written.get().isBefore(oldest)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static Optional<Instant> written(Path file) throws IOException {
    try {
      return Optional.of(Files.getLastModifiedTime(file).toInstant());
    } catch (NoSuchFileException e) {
      // Finished meanwhile.
      return Optional.empty();
    }
  }
}
