package dev.earshot.registry.blob;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.storage.LocalObjectStore;
import dev.earshot.registry.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * Blobs as objects {@code sha256/ab/abcd...}, those that are still coming as files of a local spool
 * directory. A blob becomes an object after its digest was verified and its bytes were forced to
 * the spool's disk, and it becomes one in one step, so whoever sees it sees all of it. Several
 * registries may share the objects. Thread-safe.
 *
 * <p>Whoever is about to refer to a blob calls {@link #claim} first, also when he has just seen it:
 * from then on the garbage collector leaves it alone for its grace period, which is the time to
 * write the reference in.
 */
public final class BlobStore implements AutoCloseable {
  private static final String UPLOADS = ".uploads";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  /** Of being swept at the very moment of being stored; a third time would be a broken store. */
  private static final int ATTEMPTS = 3;

  private final ObjectStore objects;
  private final Spool spool;
  private final SweepMarks marks;
  private final UploadSessions uploads;
  private final long longest;

  private BlobStore(ObjectStore objects, Spool spool, long longest) {
    this.objects = objects;
    this.spool = spool;
    this.marks = new SweepMarks(objects, SweepMarks.POLL);
    this.longest = longest;
    this.uploads = new UploadSessions(spool, longest, this::begin);
  }

  /**
   * Opens a store in a local directory, creating it. Unfinished uploads lie there, too.
   *
   * @param directory where it lives
   * @param longest largest blob that it takes, in bytes
   * @throws IOException when the directory can't be written
   */
  public static BlobStore open(Path directory, long longest) throws IOException {
    return open(LocalObjectStore.open(directory), directory.resolve(UPLOADS), longest);
  }

  /**
   * Opens a store over objects.
   *
   * @param objects where complete blobs lie; closed with this store
   * @param spool local directory of unfinished uploads; best on the disk of the objects, where they
   *     are local, too
   * @param longest largest blob that it takes, in bytes
   * @throws IOException when the spool can't be written
   */
  public static BlobStore open(ObjectStore objects, Path spool, long longest) throws IOException {
    return new BlobStore(objects, Spool.open(spool), longest);
  }

  /** Largest blob that this store takes, in bytes. */
  public long longest() {
    return longest;
  }

  /** Where the blobs, and whatever refers to them, lie. */
  public ObjectStore objects() {
    return objects;
  }

  /** Uploads that outlive a request. */
  public UploadSessions uploads() {
    return uploads;
  }

  /** The blob of that digest, when it is there completely. */
  public Optional<StoredBlob> find(Digest digest) throws IOException {
    return objects.stat(key(digest)).map(stat -> blob(digest, stat));
  }

  /**
   * The blob of that digest, for somebody who is about to refer to it. It is as new from now on,
   * and a sweep that had chosen it already is waited for.
   */
  public Optional<StoredBlob> claim(Digest digest) throws IOException {
    return objects.touch(key(digest))
        ? marks.settled(digest, key(digest)).map(stat -> blob(digest, stat))
        : Optional.empty();
  }

  /**
   * The bytes of a blob, verified again: a disk can lie.
   *
   * @throws IOException when it can't be read, or is no longer what its name says
   */
  public byte[] read(StoredBlob blob) throws IOException {
    byte[] content = objects.read(key(blob.digest()), Math.toIntExact(blob.length()));
    if (!Digest.of(content).equals(blob.digest())) {
      throw new IOException(
          "blob " + blob.digest() + ": damaged in the store (" + key(blob.digest()) + ")");
    }
    return content;
  }

  /**
   * A part of a blob as it is read, for stores that have no file to send. An early end is an
   * exception. The caller closes it.
   */
  public InputStream open(StoredBlob blob, long offset, long length) throws IOException {
    return objects.open(key(blob.digest()), offset, length);
  }

  /** Starts taking a blob in one go. The caller closes the upload in every case. */
  public BlobUpload begin(Digest announced) throws IOException {
    return new BlobUpload(this, announced, spool.part());
  }

  /**
   * Deletes a blob, unless it is younger than that or somebody stores or claims it at this moment.
   * For the garbage collector, which has seen that nothing refers to it.
   *
   * @param oldest what was stored or claimed at this moment of the store's clock, or later, stays
   * @return whether it was deleted
   */
  public boolean sweep(Digest digest, Instant oldest) throws IOException {
    return marks.delete(digest, key(digest), oldest);
  }

  /** Drops uploads and marks that were abandoned. Called at every collection. */
  public void tidy() throws IOException {
    spool.removeAbandoned();
    marks.removeAbandoned();
  }

  /** The time by the clock that says how old blobs are. */
  public Instant now() throws IOException {
    return marks.now();
  }

  /** Every blob, in the order of digests. {@code each} may delete. */
  public void list(BiConsumer<Digest, ObjectStore.Stat> each) throws IOException {
    objects.list(
        "sha256/",
        stat -> {
          String hex = stat.key().substring(stat.key().lastIndexOf('/') + 1);
          if (HEX.matcher(hex).matches() && stat.key().equals(key(new Digest(hex)))) {
            each.accept(new Digest(hex), stat);
          }
        });
  }

  /** The object of a blob. */
  public static String key(Digest digest) {
    return "sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex();
  }

  /** Why blobs can't be read or taken now; empty when they can. */
  public String problem() {
    return objects.problem().isEmpty() ? spool.problem() : objects.problem();
  }

  /**
   * Makes a verified, forced file a blob. Whoever comes second with the same content replaces it
   * with the same bytes, which no reader can notice; the collector does, as the blob is new again.
   * A second name keeps the bytes for the case that a sweep which had chosen the old blob takes the
   * new one with it.
   */
  StoredBlob publish(Path part, Digest digest) throws IOException {
    Path spare = part.resolveSibling(part.getFileName() + Spool.SPARE);
    boolean spared = link(spare, part);
    try {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        objects.move(part, key(digest));
        Optional<ObjectStore.Stat> settled = marks.settled(digest, key(digest));
        if (settled.isPresent()) {
          return blob(digest, settled.get());
        }
        if (!spared || !link(part, spare)) {
          break;
        }
      }
      throw new IOException(
          "blob " + digest + ": was swept while it was stored (fix: push it again)");
    } finally {
      Files.deleteIfExists(spare);
    }
  }

  /** Not every file system has hard links. */
  private static boolean link(Path second, Path first) {
    try {
      Files.createLink(second, first);
      return true;
    } catch (UnsupportedOperationException | IOException e) {
      return false;
    }
  }

  private StoredBlob blob(Digest digest, ObjectStore.Stat stat) {
    return new StoredBlob(digest, stat.length(), objects.file(stat.key()));
  }

  @Override
  public void close() {
    objects.close();
  }
}
