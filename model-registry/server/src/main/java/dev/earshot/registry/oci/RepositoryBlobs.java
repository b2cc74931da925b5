package dev.earshot.registry.oci;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.blob.StoredBlob;
import dev.earshot.registry.storage.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which repository has which blob. A blob's content is kept once for all; a repository has it from
 * the moment that it was pushed or mounted there until it is deleted there. Thread-safe; blocks.
 */
public final class RepositoryBlobs {
  private static final Logger LOG = LoggerFactory.getLogger(RepositoryBlobs.class);
  private static final byte[] NOTHING = {};

  private final ObjectStore objects;
  private final BlobStore blobs;

  public RepositoryBlobs(ObjectStore objects, BlobStore blobs) {
    this.objects = objects;
    this.blobs = blobs;
  }

  /** The blob, when this repository has it. */
  public Optional<StoredBlob> find(RepositoryName name, Digest digest) throws IOException {
    if (objects.stat(Layout.blob(name, digest)).isEmpty()) {
      return Optional.empty();
    }
    Optional<StoredBlob> blob = blobs.find(digest);
    if (blob.isEmpty()) {
      LOG.warn("Blob {} of {} has lost its content", digest, name);
    }
    return blob;
  }

  /** Makes a blob whose content is stored one of this repository. Again: without effect. */
  public void link(RepositoryName name, Digest digest) throws IOException {
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
    Optional<StoredBlob> blob =
        from.isPresent() ? find(from.get(), digest) : blobs.find(digest);
    if (blob.isEmpty()) {
      return false;
    }
    link(name, digest);
    // Whoever collects garbage may have looked before the link was there.
    if (blobs.find(digest).isPresent()) {
      return true;
    }
    objects.delete(Layout.blob(name, digest));
    return false;
  }

  /**
   * Takes a blob from this repository. Its content goes when no repository has it any longer and
   * garbage is collected.
   *
   * @return false when it was not there
   */
  public boolean delete(RepositoryName name, Digest digest) throws IOException {
    if (find(name, digest).isEmpty()) {
      return false;
    }
    objects.delete(Layout.blob(name, digest));
    return true;
  }
}
