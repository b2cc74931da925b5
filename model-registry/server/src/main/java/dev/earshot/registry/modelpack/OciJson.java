package dev.earshot.registry.modelpack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.Digest;
import java.util.List;
import java.util.Map;

/** Writes OCI image manifests. Fields are in a fixed order, so equal content gives equal bytes. */
final class OciJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private OciJson() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static byte[] bytes(JsonNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }

  static ObjectNode manifest(String artifactType, Blob config, List<Blob> layers) {
    ObjectNode manifest = object();
    manifest
        .put("schemaVersion", 2)
        .put("mediaType", MediaTypes.OCI_MANIFEST)
        .put("artifactType", artifactType);
    manifest.set("config", descriptor(config));
    ArrayNode array = manifest.putArray("layers");
    layers.forEach(layer -> array.add(descriptor(layer)));
    return manifest;
  }

  static ObjectNode descriptor(String mediaType, Digest digest, long size) {
    return object().put("mediaType", mediaType).put("digest", digest.toString()).put("size", size);
  }

  static void annotate(ObjectNode node, Map<String, String> annotations) {
    ObjectNode object = node.putObject("annotations");
    annotations.forEach(object::put);
  }

  private static ObjectNode descriptor(Blob blob) {
    ObjectNode node = descriptor(blob.mediaType(), blob.digest(), blob.content().size());
    if (!blob.name().isEmpty()) {
      ObjectNode annotations = node.putObject("annotations");
      if (blob.mediaType().startsWith("application/vnd.cncf.model.")) {
        annotations.put("org.cncf.model.filepath", blob.name());
      }
      annotations.put("org.opencontainers.image.title", blob.name());
    }
    return node;
  }
}
