package dev.earshot.protocol.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.trust.CanonicalJson;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.trust.Targets;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A {@link ReleaseManifest} in its envelope: TUF's targets format ({@code {"signed": ...,
 * "signatures": [...]}}), signatures over the canonical JSON of {@code signed}. Nothing in {@link
 * #manifest()} may be acted on before {@link #requireSignedBy} returned.
 *
 * @param manifest what was signed
 * @param signatures who signed it
 * @param bytes the envelope exactly as it was published; its digest is the release's identity
 */
public record SignedManifest(
    ReleaseManifest manifest, List<SignatureEntry> signatures, Bytes bytes) {
  /** Larger envelopes are refused unread. */
  public static final int LONGEST = 64 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL = "model.tflite";
  private static final String SELF_TEST = "self-test.pb";
  private static final String EVALUATION = "evaluation.json";
  private static final String CARD = "card.yaml";

  public SignedManifest {
    signatures = List.copyOf(signatures);
  }

  /** One signature: TUF key id and Ed25519 signature in hex. */
  public record SignatureEntry(String keyId, String signatureHex) {}

  /** Immutable bytes. */
  public record Bytes(String hex) {
    static Bytes of(byte[] content) {
      return new Bytes(HexFormat.of().formatHex(content));
    }

    /** A fresh copy. */
    public byte[] toArray() {
      return HexFormat.of().parseHex(hex);
    }
  }

  /** Signs a manifest with every key given. */
  public static SignedManifest sign(ReleaseManifest manifest, Collection<SigningKey> keys) {
    ObjectNode signed = encode(manifest);
    byte[] message = CanonicalJson.bytes(signed);
    ObjectNode envelope = JsonNodeFactory.instance.objectNode();
    envelope.set("signed", signed);
    ArrayNode array = envelope.putArray("signatures");
    List<SignatureEntry> entries = new ArrayList<>();
    for (SigningKey key : keys) {
      SignatureEntry entry =
          new SignatureEntry(key.publicKey().keyId(), HexFormat.of().formatHex(key.sign(message)));
      array.addObject().put("keyid", entry.keyId()).put("sig", entry.signatureHex());
      entries.add(entry);
    }
    return new SignedManifest(manifest, entries, Bytes.of(CanonicalJson.bytes(envelope)));
  }

  /** Reads an envelope. Says which field is wrong; does not yet check who signed it. */
  public static SignedManifest parse(byte[] envelope) {
    if (envelope.length > LONGEST) {
      throw new IllegalArgumentException(
          "manifest: " + envelope.length + " bytes (expected: at most " + LONGEST + ")");
    }
    try {
      JsonNode root = JSON.readTree(envelope);
      List<SignatureEntry> entries = new ArrayList<>();
      for (JsonNode entry : field(root, "signatures")) {
        entries.add(new SignatureEntry(text(entry, "keyid"), text(entry, "sig")));
      }
      return new SignedManifest(decode(field(root, "signed")), entries, Bytes.of(envelope));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("manifest: not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("manifest: " + e.getMessage(), e);
    }
  }

  /** SHA-256 of the envelope's bytes. */
  public Digest digest() {
    return Digest.of(bytes.toArray());
  }

  /** As its publisher lists it on the image side of the trust chain. */
  public Targets.Target target() {
    return new Targets.Target(
        bytes.toArray().length, digest(), manifest.counter(), manifest.chips());
  }

  /**
   * Checks that at least {@code threshold} different trusted keys signed this.
   *
   * @throws IllegalArgumentException when they did not; the message says how many did
   */
  public void requireSignedBy(Collection<SigningKey.Public> trusted, int threshold) {
    byte[] message = CanonicalJson.bytes(encode(manifest));
    Set<String> valid = new HashSet<>();
    for (SignatureEntry entry : signatures) {
      for (SigningKey.Public key : trusted) {
        if (key.keyId().equals(entry.keyId()) && verifies(key, message, entry)) {
          valid.add(entry.keyId());
        }
      }
    }
    if (threshold < 1 || valid.size() < threshold) {
      throw new IllegalArgumentException(
          "signatures: "
              + valid.size()
              + " valid from trusted publishers (expected: at least "
              + Math.max(1, threshold)
              + ")");
    }
  }

  private static boolean verifies(SigningKey.Public key, byte[] message, SignatureEntry entry) {
    try {
      return key.verifies(message, HexFormat.of().parseHex(entry.signatureHex()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static ObjectNode encode(ReleaseManifest manifest) {
    ObjectNode signed = JsonNodeFactory.instance.objectNode();
    signed
        .put("_type", "targets")
        .put("spec_version", "1.0.33")
        .put("version", manifest.counter())
        .put("expires", manifest.expires().toString());
    ObjectNode targets = signed.putObject("targets");
    target(targets, MODEL, manifest.model());
    target(targets, SELF_TEST, manifest.selfTest());
    target(targets, EVALUATION, manifest.evaluation());
    target(targets, CARD, manifest.card());
    ObjectNode custom = signed.putObject("custom");
    custom
        .put("release", manifest.release().toString())
        .put("description", manifest.description())
        .put("front_end", manifest.frontEnd());
    ArrayNode chips = custom.putArray("chips");
    manifest.chips().forEach(chips::add);
    DetectorJson.encode(manifest.detector(), custom.putObject("detector"));
    return signed;
  }

  private static void target(ObjectNode targets, String name, ReleaseManifest.Target target) {
    ObjectNode node = targets.putObject(name);
    node.put("length", target.length());
    node.putObject("hashes").put("sha256", target.digest().hex());
  }

  private static ReleaseManifest decode(JsonNode signed) {
    if (!text(signed, "_type").equals("targets")) {
      throw new IllegalArgumentException(
          "_type: '" + text(signed, "_type") + "' (expected: targets)");
    }
    JsonNode targets = field(signed, "targets");
    JsonNode custom = field(signed, "custom");
    List<String> chips = new ArrayList<>();
    field(custom, "chips").forEach(chip -> chips.add(chip.asText()));
    return new ReleaseManifest(
        ReleaseRef.parse(text(custom, "release")),
        integer(signed, "version"),
        instant(signed, "expires"),
        chips,
        text(custom, "description"),
        target(targets, MODEL),
        target(targets, SELF_TEST),
        target(targets, EVALUATION),
        target(targets, CARD),
        DetectorJson.decode(field(custom, "detector")),
        text(custom, "front_end"));
  }

  private static ReleaseManifest.Target target(JsonNode targets, String name) {
    JsonNode target = field(targets, name);
    return new ReleaseManifest.Target(
        new Digest(text(field(target, "hashes"), "sha256")), integer(target, "length"));
  }

  private static JsonNode field(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException("manifest: field " + name + " is missing");
    }
    return value;
  }

  static String text(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("manifest: field " + name + " is not a string");
    }
    return value.textValue();
  }

  static int integer(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isInt()) {
      throw new IllegalArgumentException("manifest: field " + name + " is not an integer");
    }
    return value.intValue();
  }

  private static Instant instant(JsonNode node, String name) {
    try {
      return Instant.parse(text(node, name));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "manifest: field " + name + " is not an instant such as 2030-01-01T00:00:00Z", e);
    }
  }
}
