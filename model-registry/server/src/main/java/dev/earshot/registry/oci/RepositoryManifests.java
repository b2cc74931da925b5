package dev.earshot.registry.oci;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.Digest;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.blob.BlobUpload;
import dev.earshot.registry.blob.StoredBlob;
import dev.earshot.registry.oci.OciException.Code;
import dev.earshot.registry.oci.OciManifest.Part;
import dev.earshot.registry.storage.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Manifests of repositories, their tags, and who refers to whom. What was pushed is durable when a
 * call returns, and a manifest shows only after everything that belongs to it: a push that died
 * half-way is simply pushed again. Thread-safe; blocks.
 *
 * <p>Writers of one repository in this process go one after the other. Between processes the last
 * writer of a tag wins; a manifest that one deletes while another one tags it may stay without the
 * tag, or the tag without the manifest, which then answers as an unknown one.
 */
public final class RepositoryManifests {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STRIPES = 64;

  /** Longest media type, tag's digest or descriptor that is read; a descriptor has annotations. */
  private static final int LONGEST_RECORD = OciManifest.LONGEST + 1024;

  /** The specification's order of tags: case-insensitive, and always the same. */
  private static final Comparator<String> LEXICAL =
      String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.naturalOrder());

  private final ObjectStore objects;
  private final BlobStore blobs;
  private final RepositoryBlobs links;
  private final List<Lock> writers =
      Stream.generate(ReentrantLock::new).limit(STRIPES).<Lock>map(lock -> lock).toList();

  public RepositoryManifests(BlobStore blobs, RepositoryBlobs links) {
    this.objects = blobs.objects();
    this.blobs = blobs;
    this.links = links;
  }

  /** The manifest of that tag or digest, when this repository has it. */
  public Optional<StoredManifest> find(RepositoryName name, Reference reference)
      throws IOException {
    Optional<Digest> digest =
        switch (reference) {
          case Reference.ByDigest known -> Optional.of(known.digest());
          case Reference.Tag tag -> text(Layout.tag(name, tag)).map(Digest::parse);
        };
    if (digest.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> mediaType = text(Layout.manifest(name, digest.get()));
    Optional<StoredBlob> content =
        mediaType.isEmpty() ? Optional.empty() : blobs.find(digest.get());
    return content.map(blob -> new StoredManifest(mediaType.orElseThrow(), blob));
  }

  /** Its bytes, as they were pushed. */
  public byte[] read(StoredManifest manifest) throws IOException {
    return blobs.read(manifest.content());
  }

  /**
   * Stores a manifest and, when the reference is a tag, moves the tag to it.
   *
   * @throws OciException when the reference is a digest and not the manifest's, or when something
   *     that it is made of is not in this repository
   */
  public void put(RepositoryName name, Reference reference, OciManifest manifest)
      throws IOException {
    if (reference instanceof Reference.ByDigest named
        && !named.digest().equals(manifest.digest())) {
      throw new OciException(
          Code.DIGEST_INVALID,
          "manifest: content is " + manifest.digest() + " (expected: " + named.digest() + ")");
    }
    Lock writer = writer(name);
    writer.lock();
    try {
      requireContent(name, manifest);
      store(manifest);
      if (manifest.subject().isPresent()) {
        objects.put(
            Layout.referrer(name, manifest.subject().get(), manifest.digest()),
            JSON.writeValueAsBytes(manifest.descriptor()));
      }
      write(Layout.manifest(name, manifest.digest()), manifest.mediaType());
      if (reference instanceof Reference.Tag tag) {
        write(Layout.tag(name, tag), manifest.digest().toString());
      }
    } finally {
      writer.unlock();
    }
  }

  private void requireContent(RepositoryName name, OciManifest manifest) throws IOException {
    Map<String, String> missing = new LinkedHashMap<>();
    for (Part part : manifest.content()) {
      // Claimed, so that no collection takes it before this manifest refers to it.
      Optional<StoredBlob> found =
          isHere(name, part) ? blobs.claim(part.digest()) : Optional.empty();
      if (found.isEmpty()) {
        missing.put(part.field(), part.digest().toString());
      } else if (found.get().length() != part.size()) {
        throw new OciException(
            Code.MANIFEST_INVALID,
            "%s.size: %d (expected: %d, the length of %s)"
                .formatted(part.field(), part.size(), found.get().length(), part.digest()));
      }
    }
    if (!missing.isEmpty()) {
      throw OciException.missing(missing);
    }
  }

  private boolean isHere(RepositoryName name, Part part) throws IOException {
    return part.manifest()
        ? find(name, new Reference.ByDigest(part.digest())).isPresent()
        : links.find(name, part.digest()).isPresent();
  }

  private void store(OciManifest manifest) throws IOException {
    try (BlobUpload upload = blobs.begin(manifest.digest())) {
      upload.write(manifest.bytes().toByteArray());
      upload.commit();
    }
  }

  /**
   * Takes a manifest from this repository, with the tags that were it, and from its subject's list
   * of referrers.
   *
   * @return false when it was not there
   */
  public boolean delete(RepositoryName name, Digest digest) throws IOException {
    Lock writer = writer(name);
    writer.lock();
    try {
      Optional<StoredManifest> manifest = find(name, new Reference.ByDigest(digest));
      if (manifest.isEmpty()) {
        return false;
      }
      for (String tag : tags(name)) {
        String key = Layout.tag(name, new Reference.Tag(tag));
        if (text(key).equals(Optional.of(digest.toString()))) {
          objects.delete(key);
        }
      }
      Optional<Digest> subject =
          OciManifest.parse(manifest.get().mediaType(), read(manifest.get())).subject();
      objects.delete(Layout.manifest(name, digest));
      if (subject.isPresent()) {
        objects.delete(Layout.referrer(name, subject.get(), digest));
      }
      return true;
    } finally {
      writer.unlock();
    }
  }

  /**
   * Takes a tag away; its manifest stays.
   *
   * @return false when it was not there
   */
  public boolean delete(RepositoryName name, Reference.Tag tag) throws IOException {
    Lock writer = writer(name);
    writer.lock();
    try {
      if (find(name, tag).isEmpty()) {
        return false;
      }
      objects.delete(Layout.tag(name, tag));
      return true;
    } finally {
      writer.unlock();
    }
  }

  /** All tags, in the specification's order. */
  public List<String> tags(RepositoryName name) throws IOException {
    List<String> tags = new ArrayList<>(keys(Layout.tags(name)));
    tags.sort(LEXICAL);
    return tags;
  }

  /** The tags behind that one, which need not exist. */
  public List<String> tagsAfter(RepositoryName name, String last) throws IOException {
    return tags(name).stream().filter(tag -> LEXICAL.compare(tag, last) > 0).toList();
  }

  /** Whether anything was ever pushed there and is still there. */
  public boolean exists(RepositoryName name) throws IOException {
    return !keys(Layout.tags(name)).isEmpty()
        || !keys(Layout.manifests(name)).isEmpty()
        || !keys(Layout.blobs(name)).isEmpty();
  }

  /**
   * The manifests that refer to a subject, in the order of their digests. The subject itself need
   * not be there.
   *
   * @param after only those behind this digest; empty for all
   */
  public List<Descriptor> referrers(RepositoryName name, Digest subject, Optional<Digest> after)
      throws IOException {
    List<Descriptor> found = new ArrayList<>();
    for (String hex : keys(Layout.referrers(name, subject))) {
      Digest digest = new Digest(hex);
      boolean wanted = after.isEmpty() || hex.compareTo(after.get().hex()) > 0;
      // One whose push or deletion died half-way is not there.
      if (wanted && objects.stat(Layout.manifest(name, digest)).isPresent()) {
        Optional<String> json = text(Layout.referrer(name, subject, digest));
        if (json.isPresent()) {
          found.add(JSON.readValue(json.get(), Descriptor.class));
        }
      }
    }
    return found;
  }

  /** What follows the prefix in every key that has it. */
  private List<String> keys(String prefix) throws IOException {
    List<String> keys = new ArrayList<>();
    objects.list(prefix, stat -> keys.add(stat.key().substring(prefix.length())));
    return keys;
  }

  private Optional<String> text(String key) throws IOException {
    try {
      return Optional.of(new String(objects.read(key, LONGEST_RECORD), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private void write(String key, String text) throws IOException {
    objects.put(key, text.getBytes(StandardCharsets.UTF_8));
  }

  private Lock writer(RepositoryName name) {
    return writers.get(Math.floorMod(name.hashCode(), STRIPES));
  }
}
