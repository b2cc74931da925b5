package dev.earshot.registry.oci;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import dev.earshot.protocol.Digest;
import dev.earshot.registry.oci.OciException.Code;
import dev.earshot.registry.oci.OciManifest.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the four kinds of manifest that a registry can account for. A document of another kind is
 * refused, because nobody could say which blobs it needs. So is one that two clients could read
 * differently: with a media type other than the one it was sent as, with a field given twice, or
 * with the fields of both a manifest and an index (CVE-2021-41190).
 */
final class ManifestParser {
  /** The kinds. */
  enum Kind {
    IMAGE,
    INDEX
  }

  private static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  private static final Map<String, Kind> KINDS =
      Map.of(
          OCI_MANIFEST,
          Kind.IMAGE,
          "application/vnd.docker.distribution.manifest.v2+json",
          Kind.IMAGE,
          OCI_INDEX,
          Kind.INDEX,
          "application/vnd.docker.distribution.manifest.list.v2+json",
          Kind.INDEX);

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ManifestParser() {}

  /**
   * Reads a manifest.
   *
   * @param contentType the header it came with; null or empty lets the document's own field decide
   * @throws OciException saying what is wrong with it
   */
  static OciManifest parse(@Nullable String contentType, byte[] bytes) {
    if (bytes.length > OciManifest.LONGEST) {
      throw new OciException(
          Code.MANIFEST_INVALID,
          413,
          "manifest: %,d bytes (expected: at most %,d)"
              .formatted(bytes.length, OciManifest.LONGEST));
    }
    JsonNode root = json(bytes);
    String mediaType = mediaType(contentType, root);
    Kind kind = KINDS.get(mediaType);
    if (kind == null) {
      throw invalid(
          "media type: '"
              + mediaType
              + "' (expected: one of "
              + KINDS.keySet().stream().sorted().toList()
              + ")");
    }
    requireSchema(root);
    return new OciManifest(
        ByteString.copyFrom(bytes),
        Digest.of(bytes),
        mediaType,
        artifactType(kind, root),
        content(kind, root),
        subject(root),
        annotations(root.path("annotations")));
  }

  private static JsonNode json(byte[] bytes) {
    try {
      JsonNode root = JSON.readTree(bytes);
      if (root != null && root.isObject()) {
        return root;
      }
    } catch (IOException e) {
      throw invalid(
          "manifest: not JSON: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    throw invalid("manifest: not a JSON object");
  }

  /** The header without its parameters, which the specification says to ignore. */
  private static String mediaType(@Nullable String contentType, JsonNode root) {
    String header =
        contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    JsonNode field = root.path("mediaType");
    if (!field.isMissingNode() && !field.isTextual()) {
      throw invalid("mediaType: " + field + " (expected: text)");
    }
    String own = field.asText("");
    if (!header.isEmpty() && !own.isEmpty() && !own.equals(header)) {
      throw invalid(
          "mediaType: '"
              + own
              + "' (expected: '"
              + header
              + "', the Content-Type it was sent with)");
    }
    return header.isEmpty() ? own : header;
  }

  private static void requireSchema(JsonNode root) {
    JsonNode version = root.path("schemaVersion");
    if (!version.isInt() || version.asInt() != 2) {
      throw invalid(
          "schemaVersion: " + (version.isMissingNode() ? "missing" : version) + " (expected: 2)");
    }
  }

  private static @Nullable String artifactType(Kind kind, JsonNode root) {
    String own = root.path("artifactType").asText("");
    String type =
        own.isEmpty() && kind == Kind.IMAGE
            ? root.path("config").path("mediaType").asText("")
            : own;
    return type.isEmpty() ? null : type;
  }

  private static List<Part> content(Kind kind, JsonNode root) {
    List<Part> parts = new ArrayList<>();
    switch (kind) {
      case IMAGE -> {
        requireAbsent(root, "manifests", "a manifest");
        parts.add(part("config", root.path("config"), false));
        int index = 0;
        for (JsonNode layer : list(root, "layers")) {
          Part part = part("layers[" + index++ + "]", layer, false);
          if (!elsewhere(layer)) {
            parts.add(part);
          }
        }
      }
      case INDEX -> {
        requireAbsent(root, "layers", "an index");
        requireAbsent(root, "config", "an index");
        for (JsonNode manifest : list(root, "manifests")) {
          parts.add(part("manifests[" + parts.size() + "]", manifest, true));
        }
      }
    }
    return parts;
  }

  /** Layers that may not be distributed are fetched from their own address. */
  private static boolean elsewhere(JsonNode layer) {
    String mediaType = layer.path("mediaType").asText();
    return !layer.path("urls").isEmpty()
        && (mediaType.contains(".nondistributable.") || mediaType.contains(".foreign."));
  }

  private static Iterable<JsonNode> list(JsonNode root, String field) {
    JsonNode list = root.path(field);
    if (!list.isArray()) {
      throw invalid(
          field
              + ": "
              + (list.isMissingNode() ? "missing" : "not a list")
              + " (expected: a list of descriptors)");
    }
    return list;
  }

  private static void requireAbsent(JsonNode root, String field, String kind) {
    if (root.has(field)) {
      throw invalid(field + ": given (expected: not in " + kind + ")");
    }
  }

  private static Part part(String field, JsonNode descriptor, boolean manifest) {
    if (!descriptor.isObject()) {
      throw invalid(field + ": missing (expected: a descriptor)");
    }
    if (descriptor.path("mediaType").asText("").isEmpty()) {
      throw invalid(field + ".mediaType: missing (expected: a media type)");
    }
    JsonNode size = descriptor.path("size");
    if (!size.canConvertToExactIntegral() || !size.canConvertToLong() || size.asLong() < 0) {
      throw invalid(
          field
              + ".size: "
              + (size.isMissingNode() ? "missing" : size)
              + " (expected: bytes, at least 0)");
    }
    return new Part(field, digest(field, descriptor), size.asLong(), manifest);
  }

  private static Digest digest(String field, JsonNode descriptor) {
    try {
      return Reference.digest(descriptor.path("digest").asText(""));
    } catch (OciException e) {
      throw new OciException(Code.DIGEST_INVALID, field + "." + e.getMessage());
    }
  }

  private static Optional<Digest> subject(JsonNode root) {
    JsonNode subject = root.path("subject");
    return subject.isMissingNode() || subject.isNull()
        ? Optional.empty()
        : Optional.of(part("subject", subject, true).digest());
  }

  private static Map<String, String> annotations(JsonNode node) {
    if (!node.isMissingNode() && !node.isNull() && !node.isObject()) {
      throw invalid("annotations: not an object (expected: text by name)");
    }
    Map<String, String> annotations = new TreeMap<>();
    for (Map.Entry<String, JsonNode> annotation : node.properties()) {
      if (!annotation.getValue().isTextual()) {
        throw invalid("annotations." + annotation.getKey() + ": not text");
      }
      annotations.put(annotation.getKey(), annotation.getValue().asText());
    }
    return annotations;
  }

  private static OciException invalid(String message) {
    return new OciException(Code.MANIFEST_INVALID, message);
  }
}
