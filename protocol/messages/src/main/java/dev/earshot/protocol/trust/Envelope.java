package dev.earshot.protocol.trust;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * TUF's envelope: {@code {"signed": {...}, "signatures": [{"keyid", "sig"}]}}. Signatures are over
 * the canonical JSON of {@code signed} as it came, fields that this version does not know included.
 * What it says is to be believed only after {@link #require}.
 */
public final class Envelope<T extends Metadata> {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)
          .build();
  private static final int MOST_SIGNATURES = 32;

  private final T metadata;
  private final byte[] message;
  private final List<Signature> signatures;
  private final byte[] bytes;

  /** The last answer of {@link #validSignatures}: the same for the same keys, always. */
  private volatile @Nullable Counted counted;

  /** How many of those keys signed. */
  private record Counted(RoleKeys by, int valid) {}

  /** Who signed, and the 64 bytes in hex. */
  private record Signature(String keyId, String hex) {}

  private Envelope(T metadata, byte[] message, List<Signature> signatures, byte[] bytes) {
    this.metadata = metadata;
    this.message = message;
    this.signatures = signatures;
    this.bytes = bytes;
  }

  /** What can be read from {@code signed}. */
  @FunctionalInterface
  public interface Format<T extends Metadata> {
    /**
     * @throws IllegalArgumentException naming the field that is wrong
     */
    T read(JsonNode signed);
  }

  /** Signs with every key given. The same metadata and keys always give the same bytes. */
  public static <T extends Metadata> Envelope<T> sign(T metadata, Collection<SigningKey> keys) {
    return signed(metadata, metadata.encode(), keys, List.of());
  }

  /** The same with one more signature; keys that signed already are not asked again. */
  public Envelope<T> signedAlsoBy(SigningKey key) {
    List<Signature> others =
        signatures.stream().filter(s -> !s.keyId().equals(key.publicKey().keyId())).toList();
    return signed(metadata, parseTree(bytes).get("signed"), List.of(key), others);
  }

  private static <T extends Metadata> Envelope<T> signed(
      T metadata, JsonNode signed, Collection<SigningKey> keys, List<Signature> others) {
    byte[] message = CanonicalJson.bytes(signed);
    List<Signature> signatures = new ArrayList<>(others);
    for (SigningKey key : keys) {
      signatures.add(
          new Signature(key.publicKey().keyId(), HexFormat.of().formatHex(key.sign(message))));
    }
    ObjectNode envelope = JsonNodeFactory.instance.objectNode();
    envelope.set("signed", signed);
    ArrayNode array = envelope.putArray("signatures");
    signatures.forEach(s -> array.addObject().put("keyid", s.keyId()).put("sig", s.hex()));
    return new Envelope<>(metadata, message, signatures, CanonicalJson.bytes(envelope));
  }

  /**
   * Reads an envelope; does not yet check who signed it.
   *
   * @param what for messages, such as {@code 3.root.json}
   * @param most longer ones are refused unread
   */
  public static <T extends Metadata> Envelope<T> parse(
      String what, byte[] bytes, int most, Format<T> format) throws TrustException {
    if (bytes.length > most) {
      throw malformed(what, bytes.length + " bytes (expected: at most " + most + ")");
    }
    try {
      JsonNode root = parseTree(bytes);
      JsonNode signed = Json.object(root, "signed");
      JsonNode array = Json.field(root, "signatures");
      if (!array.isArray() || array.size() > MOST_SIGNATURES) {
        throw new IllegalArgumentException(
            "signatures (expected: a list of at most " + MOST_SIGNATURES + ")");
      }
      List<Signature> signatures = new ArrayList<>();
      for (JsonNode entry : array) {
        signatures.add(new Signature(Json.text(entry, "keyid"), Json.text(entry, "sig")));
      }
      return new Envelope<>(
          format.read(signed), CanonicalJson.bytes(signed), List.copyOf(signatures), bytes.clone());
    } catch (IllegalArgumentException e) {
      throw malformed(what, String.valueOf(e.getMessage()));
    }
  }

  /** What was signed. */
  public T metadata() {
    return metadata;
  }

  /** The exact bytes; a fresh copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  public int length() {
    return bytes.length;
  }

  /** SHA-256 of the exact bytes. */
  public Digest digest() {
    return Digest.of(bytes);
  }

  /** The ids of the keys that say that they signed. */
  public List<String> keyIds() {
    return signatures.stream().map(Signature::keyId).toList();
  }

  /**
   * Checks that enough different keys of a role signed.
   *
   * @throws TrustException when they did not; the message says how many did
   */
  public void require(String what, RoleKeys role) throws TrustException {
    int valid = validSignatures(role);
    if (valid < role.threshold()) {
      throw new TrustException(
          TrustException.Reason.SIGNATURES,
          "%s: %d valid signatures (expected: at least %d of the role's %d keys)"
              .formatted(what, valid, role.threshold(), role.keys().size()));
    }
  }

  /** How many different keys of that role signed this. */
  public int validSignatures(RoleKeys role) {
    Counted known = counted;
    if (known != null && known.by().equals(role)) {
      return known.valid();
    }
    int valid = count(role);
    counted = new Counted(role, valid);
    return valid;
  }

  private int count(RoleKeys role) {
    Set<String> valid = new HashSet<>();
    for (Signature signature : signatures) {
      SigningKey.Public key = role.keys().get(signature.keyId());
      if (key != null && !valid.contains(signature.keyId()) && verifies(key, signature)) {
        valid.add(signature.keyId());
      }
    }
    return valid.size();
  }

  private boolean verifies(SigningKey.Public key, Signature signature) {
    try {
      return key.verifies(message, HexFormat.of().parseHex(signature.hex()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static JsonNode parseTree(byte[] bytes) {
    try {
      JsonNode root = JSON.readTree(bytes);
      if (root == null || !root.isObject()) {
        throw new IllegalArgumentException("not a JSON object");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static TrustException malformed(String what, String why) {
    return new TrustException(TrustException.Reason.MALFORMED, what + ": " + why);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Envelope<?> that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return metadata.type() + " " + metadata.version() + " " + digest();
  }
}
