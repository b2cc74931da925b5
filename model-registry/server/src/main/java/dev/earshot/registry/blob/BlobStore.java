package dev.earshot.registry.blob;

import dev.earshot.protocol.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Blobs in a local directory: {@code sha256/ab/abcd...} for complete ones, {@code uploads/} for
 * those that are still coming. A blob appears by an atomic rename after its digest was verified and
 * its bytes were forced to the disk, so whoever sees it sees all of it, also after a power cut.
 * Several registries may share the directory. Thread-safe.
 */
public final class BlobStore {
  /** Left-overs of uploads that died with their process are removed at start when this old. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final Path blobs;
  private final Path uploads;
  private final long longest;

  private BlobStore(Path blobs, Path uploads, long longest) {
    this.blobs = blobs;
    this.uploads = uploads;
    this.longest = longest;
  }

  /**
   * Opens the store, creating its folders.
   *
   * @param directory where it lives
   * @param longest largest blob that it takes, in bytes
   * @throws IOException when the directory can't be written
   */
  public static BlobStore open(Path directory, long longest) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    Path blobs = Files.createDirectories(absolute.resolve("sha256"));
    Path uploads = Files.createDirectories(absolute.resolve("uploads"));
    if (!Files.isWritable(blobs) || !Files.isWritable(uploads)) {
      throw new IOException(absolute + ": not writable");
    }
    removeAbandoned(uploads);
    return new BlobStore(blobs, uploads, longest);
  }

  /** Largest blob that this store takes, in bytes. */
  public long longest() {
    return longest;
  }

  /** The blob of that digest, when it is there completely. */
  public Optional<StoredBlob> find(Digest digest) throws IOException {
    Path file = file(digest);
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new StoredBlob(digest, attributes.size(), file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * The bytes of a blob, verified again: a disk can lie.
   *
   * @throws IOException when it can't be read, or is no longer what its name says
   */
  public byte[] read(StoredBlob blob) throws IOException {
    byte[] content = Files.readAllBytes(blob.file());
    if (!Digest.of(content).equals(blob.digest())) {
      throw new IOException("blob " + blob.digest() + ": damaged on disk (" + blob.file() + ")");
    }
    return content;
  }

  /** Starts taking a blob. The caller closes the upload in every case. */
  public BlobUpload begin(Digest announced) throws IOException {
    return new BlobUpload(
        this, announced, Files.createTempFile(uploads, announced.abbreviated() + "-", ".part"));
  }

  /**
   * Makes a verified, forced file visible under its digest. Whoever comes second with the same
   * content replaces it with the same bytes, which no reader can notice.
   */
  StoredBlob publish(Path part, Digest digest, long length) throws IOException {
    Path file = file(digest);
    Path folder = Files.createDirectories(file.getParent());
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    forceDirectory(folder);
    forceDirectory(blobs);
    return new StoredBlob(digest, length, file);
  }

  /** A digest is 64 hex digits by its type, so no name can lead out of the directory. */
  private Path file(Digest digest) {
    return blobs.resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
  }

  /** A rename lasts only once the directory that holds the name was forced, too. */
  private static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void removeAbandoned(Path uploads) throws IOException {
    Instant oldest = Instant.now().minus(ABANDONED);
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(uploads, "*.part")) {
      for (Path part : parts) {
        if (Files.getLastModifiedTime(part).toInstant().isBefore(oldest)) {
          Files.deleteIfExists(part);
        }
      }
    }
  }
}
