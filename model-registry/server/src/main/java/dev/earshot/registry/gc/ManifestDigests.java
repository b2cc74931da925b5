package dev.earshot.registry.gc;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.Digest;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * The digests that a manifest names, whatever its media type: those of every {@code digest} field
 * at any depth. Reads more than a registry would need, as a collector should.
 *
 * @param manifests those of other manifests: an index's, and the subject
 * @param all these and all others
 */
record ManifestDigests(Set<Digest> manifests, Set<Digest> all) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @throws IOException when it is not JSON
   */
  static ManifestDigests of(Digest manifest, byte[] content) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(content);
    } catch (JacksonException e) {
      throw new IOException("manifest " + manifest + ": not JSON: " + e.getOriginalMessage(), e);
    }
    Set<Digest> all = new HashSet<>();
    Set<Digest> manifests = new HashSet<>();
    collect(root, all);
    collect(root.path("manifests"), manifests);
    collect(root.path("subject"), manifests);
    return new ManifestDigests(manifests, all);
  }

  private static void collect(JsonNode node, Set<Digest> into) {
    for (String text : node.findValuesAsText("digest")) {
      digest(text, into);
    }
    // findValues does not look below a field that it has found.
    for (JsonNode value : node.findValues("digest")) {
      if (value.isContainerNode()) {
        collect(value, into);
      }
    }
  }

  /** Other algorithms name nothing that lies here. */
  private static void digest(String text, Set<Digest> into) {
    try {
      into.add(Digest.parse(text));
    } catch (IllegalArgumentException e) {
      return;
    }
  }
}
