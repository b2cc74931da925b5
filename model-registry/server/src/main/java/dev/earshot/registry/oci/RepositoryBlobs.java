package dev.earshot.registry.oci;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.blob.StoredBlob;
import dev.earshot.registry.oci.OciException.Code;
import dev.earshot.registry.storage.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which repository has which blob. A blob's content is kept once for all; a repository has it from
 * the moment that it was pushed or mounted there until it is deleted there, and as long as a
 * published release of that name is made of it. Thread-safe; blocks.
 */
public final class RepositoryBlobs {
  private static final Logger LOG = LoggerFactory.getLogger(RepositoryBlobs.class);
  private static final byte[] NOTHING = {};

  private final ObjectStore objects;
  private final BlobStore blobs;
  private final PublishedContent published;

  public RepositoryBlobs(BlobStore blobs, PublishedContent published) {
    this.objects = blobs.objects();
    this.blobs = blobs;
    this.published = published;
  }

  /** The blob, when this repository has it. */
  public Optional<StoredBlob> find(RepositoryName name, Digest digest) throws IOException {
    if (objects.stat(Layout.blob(name, digest)).isEmpty()
        && published.holder(name, digest).isEmpty()) {
      return Optional.empty();
    }
    Optional<StoredBlob> blob = blobs.find(digest);
    if (blob.isEmpty()) {
      LOG.warn("Blob {} of {} has lost its content", digest, name);
    }
    return blob;
  }

  /** Gives this repository a blob that was stored just now. Again: without effect. */
  public void add(RepositoryName name, Digest digest) throws IOException {
    String key = Layout.blob(name, digest);
    if (objects.stat(key).isEmpty()) {
      objects.put(key, NOTHING);
    }
  }

  /**
   * Gives a repository a blob of another one. Whoever may push here may read everything, so the
   * other one need not be named.
   *
   * @param from the repository that has it; empty when any will do
   * @return false when it is not there
   */
  public boolean mount(RepositoryName name, Digest digest, Optional<RepositoryName> from)
      throws IOException {
    boolean there = from.isEmpty() || find(from.get(), digest).isPresent();
    if (!there || blobs.claim(digest).isEmpty()) {
      return false;
    }
    add(name, digest);
    return true;
  }

  /**
   * Takes a blob from this repository. Its content goes when nothing refers to it any longer and
   * garbage is collected.
   *
   * @return false when it was not there
   * @throws OciException when a published release is made of it
   */
  public boolean delete(RepositoryName name, Digest digest) throws IOException {
    if (find(name, digest).isEmpty()) {
      return false;
    }
    Optional<String> holder = published.holder(name, digest);
    if (holder.isPresent()) {
      throw new OciException(
          Code.DENIED,
          "blob "
              + digest
              + ": release "
              + holder.get()
              + " is made of it (published releases stay)");
    }
    objects.delete(Layout.blob(name, digest));
    return true;
  }
}
