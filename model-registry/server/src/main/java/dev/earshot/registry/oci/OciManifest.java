package dev.earshot.registry.oci;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A manifest or an index that was read and is well formed, with everything that a registry has to
 * know of it. Made by {@link ManifestParser} only.
 *
 * @param bytes exactly as they came; the digest is theirs
 * @param mediaType as it came, without parameters
 * @param artifactType what it is, as lists of referrers tell it: its own field, or an image
 *     manifest's type of config
 * @param content what must be in the repository before it: config and layers of a manifest, the
 *     manifests of an index
 * @param subject what it refers to; need not exist
 * @param annotations as given
 */
public record OciManifest(
    ByteString bytes,
    Digest digest,
    String mediaType,
    @Nullable String artifactType,
    List<Part> content,
    Optional<Digest> subject,
    Map<String, String> annotations) {

  /** Longest manifest that is taken, in bytes: what the specification recommends, 4 MiB. */
  public static final int LONGEST = 4 << 20;

  /**
   * Something that a manifest names.
   *
   * @param field where, such as {@code layers[2]}
   * @param size its length in bytes, as the manifest says
   * @param manifest whether it is a manifest; otherwise a blob
   */
  public record Part(String field, Digest digest, long size, boolean manifest) {}

  public OciManifest {
    content = List.copyOf(content);
    annotations = Map.copyOf(annotations);
  }

  /**
   * Reads a manifest.
   *
   * @param contentType the header it came with; null or empty lets the document's own field decide
   * @throws OciException saying what is wrong with it
   */
  public static OciManifest parse(@Nullable String contentType, byte[] bytes) {
    return ManifestParser.parse(contentType, bytes);
  }

  /** What lists of referrers tell of it. */
  public Descriptor descriptor() {
    return new Descriptor(mediaType, digest.toString(), bytes.size(), artifactType, annotations);
  }
}
