package dev.earshot.registry.gc;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.blob.StoredBlob;
import dev.earshot.registry.release.PublishedRelease;
import dev.earshot.registry.release.ReleaseCatalog;
import dev.earshot.registry.release.ReleaseFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is referred to: the mark phase. About 200 bytes of memory for each blob that is. A release
 * of any status counts until it is removed; so does a manifest that no tag names, until it is
 * deleted.
 */
final class References {
  private static final Logger LOG = LoggerFactory.getLogger(References.class);
  private static final int LONGEST_TAG = 1024;

  private final BlobStore blobs;
  private final Set<Digest> used = new HashSet<>();
  private final Set<Digest> linked = new HashSet<>();

  /** Manifests that are still to be read; each is once in {@link #seen}. */
  private final Deque<Digest> unread = new ArrayDeque<>();

  private final Set<Digest> seen = new HashSet<>();
  private int missing;

  private References(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * Looks at everything.
   *
   * @throws IOException when something can't be read or is not understood
   */
  static References find(BlobStore blobs, ReleaseCatalog releases) throws IOException {
    References references = new References(blobs);
    for (PublishedRelease release : releases.all()) {
      for (ReleaseFile file : ReleaseFile.values()) {
        references.used.add(file.in(release.manifest()).digest());
      }
    }
    references.repositories();
    references.manifests();
    return references;
  }

  /** Whether a release, a manifest, a tag or a referrer needs it, or a repository has it. */
  boolean contain(Digest digest) {
    return used.contains(digest) || linked.contains(digest);
  }

  /** Whether nothing but a repository's link keeps it. */
  boolean onlyLinked(Digest digest) {
    return linked.contains(digest) && !used.contains(digest);
  }

  /** Manifests that a repository has and whose content is not there. */
  int missing() {
    return missing;
  }

  private void repositories() throws IOException {
    List<String> tags = new ArrayList<>();
    blobs.objects().list(RepositoryKey.FOLDER, stat -> root(stat.key(), tags));
    for (String tag : tags) {
      tag(tag);
    }
  }

  private void root(String key, List<String> tags) {
    try {
      switch (RepositoryKey.parse(key)) {
        case RepositoryKey.Link link -> linked.add(link.blob());
        case RepositoryKey.Manifest manifest -> manifest(manifest.manifest());
        case RepositoryKey.Tag ignored -> tags.add(key);
        case RepositoryKey.Referrer referrer -> manifest(referrer.manifest());
      }
    } catch (IllegalArgumentException e) {
      throw new UncheckedIOException(key + ": " + e.getMessage(), new IOException(e));
    }
  }

  private void tag(String key) throws IOException {
    try {
      byte[] content = blobs.objects().read(key, LONGEST_TAG);
      manifest(Digest.parse(new String(content, StandardCharsets.UTF_8).strip()));
    } catch (NoSuchFileException e) {
      LOG.debug("Tag {} was taken away meanwhile", key);
    } catch (IllegalArgumentException e) {
      throw new IOException(key + ": " + e.getMessage(), e);
    }
  }

  private void manifest(Digest digest) {
    used.add(digest);
    if (seen.add(digest)) {
      unread.add(digest);
    }
  }

  /**
   * Follows indexes and subjects. A manifest without content keeps nothing: nobody can pull it, and
   * to push it again its parts must be in the repository, whose links keep them.
   */
  private void manifests() throws IOException {
    for (Digest digest = unread.poll(); digest != null; digest = unread.poll()) {
      Optional<StoredBlob> blob = blobs.find(digest);
      if (blob.isEmpty()) {
        missing++;
        LOG.debug("Manifest {} is referred to and not here", digest);
        continue;
      }
      ManifestDigests named = ManifestDigests.of(digest, content(blob.get()));
      used.addAll(named.all());
      named.manifests().forEach(this::manifest);
    }
  }

  private byte[] content(StoredBlob blob) throws IOException {
    try {
      return blobs.read(blob);
    } catch (NoSuchFileException e) {
      throw new IOException("manifest " + blob.digest() + ": went away while it was read", e);
    }
  }
}
