package dev.earshot.protocol.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.Digest;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** What a role of TUF signs. */
public sealed interface Metadata permits Root, Targets, Order, Snapshot, Timestamp {
  /** The specification that these documents follow. */
  String SPEC_VERSION = "1.0.33";

  /** TUF's {@code _type}: {@code root}, {@code targets}, {@code snapshot} or {@code timestamp}. */
  String type();

  /** Grows with every change, from 1. */
  long version();

  /** From this instant on it is no longer believed. */
  Instant expires();

  /** As {@code signed} in its envelope. */
  ObjectNode encode();

  /** The fields that all have. */
  static ObjectNode header(Metadata of) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("_type", of.type())
        .put("spec_version", SPEC_VERSION)
        .put("version", of.version())
        .put("expires", of.expires().toString());
  }

  /** Refuses another type, and another major version of the specification. */
  static void requireHeader(JsonNode signed, String type) {
    String found = Json.text(signed, "_type");
    if (!found.equals(type)) {
      throw new IllegalArgumentException("_type: '" + found + "' (expected: " + type + ")");
    }
    String spec = Json.text(signed, "spec_version");
    if (!spec.startsWith("1.")) {
      throw new IllegalArgumentException("spec_version: '" + spec + "' (expected: 1.x)");
    }
  }

  static long readVersion(JsonNode signed) {
    return Json.number(signed, "version", 1, Long.MAX_VALUE);
  }

  /** Refuses what can't be: a version below 1. */
  static void requireVersion(long version) {
    if (version < 1) {
      throw new IllegalArgumentException("version: " + version + " (expected: >= 1)");
    }
  }

  /**
   * Which file of another role belongs to this one.
   *
   * @param version of that role
   * @param length bytes
   * @param digest of the file
   */
  record FileMeta(long version, int length, Digest digest) {
    public static FileMeta of(Envelope<?> envelope) {
      return new FileMeta(envelope.metadata().version(), envelope.length(), envelope.digest());
    }

    ObjectNode encode() {
      ObjectNode node =
          JsonNodeFactory.instance.objectNode().put("version", version).put("length", length);
      node.putObject("hashes").put("sha256", digest.hex());
      return node;
    }

    static FileMeta decode(JsonNode node) {
      return new FileMeta(
          Json.number(node, "version", 1, Long.MAX_VALUE),
          (int) Json.number(node, "length", 1, TrustedImage.LONGEST),
          new Digest(Json.text(Json.object(node, "hashes"), "sha256")));
    }

    static ObjectNode encodeAll(Map<String, FileMeta> files) {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      new TreeMap<>(files).forEach((name, file) -> node.set(name, file.encode()));
      return node;
    }
  }
}
