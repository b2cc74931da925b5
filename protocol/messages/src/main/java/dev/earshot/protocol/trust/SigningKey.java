package dev.earshot.protocol.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.Digest;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An Ed25519 key pair (RFC 8032) that signs trust metadata. The private half stays with its owner,
 * in a PKCS #8 PEM file; devices and the registry are given the {@link Public} half.
 */
public final class SigningKey {
  private static final String ALGORITHM = "Ed25519";
  private static final int SEED_BYTES = 32;
  private static final String PEM_HEAD = "-----BEGIN PRIVATE KEY-----";
  private static final String PEM_FOOT = "-----END PRIVATE KEY-----";

  private final PrivateKey privateKey;
  private final Public publicKey;

  private SigningKey(PrivateKey privateKey, Public publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /** A new key from the platform's secure random source. */
  public static SigningKey generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      return new SigningKey(pair.getPrivate(), Public.of((EdECPublicKey) pair.getPublic()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
    }
  }

  /**
   * The key with that private half (RFC 8032, section 5.1.5): for simulations and tests, which must
   * come out the same every time. Whoever knows the seed can sign.
   *
   * @param seed 32 bytes
   */
  public static SigningKey ofSeed(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException(
          "seed: " + seed.length + " bytes (expected: " + SEED_BYTES + ")");
    }
    try {
      // The platform's generator takes its 32 random bytes for the private half, and is its only
      // public way to compute a public one.
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      generator.initialize(NamedParameterSpec.ED25519, new FixedRandom(seed));
      KeyPair pair = generator.generateKeyPair();
      byte[] half = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
      if (!MessageDigest.isEqual(half, seed)) {
        throw new IllegalStateException(
            "this platform does not take its key from its random bytes");
      }
      return new SigningKey(pair.getPrivate(), Public.of((EdECPublicKey) pair.getPublic()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
    }
  }

  /**
   * Reads what {@link #toPem} wrote: the private key as PKCS #8 with the public key's hex on a
   * comment line above it (a public key can't be derived from a private one by the platform's
   * interfaces).
   */
  public static SigningKey fromPem(String pem) {
    try {
      int head = pem.indexOf(PEM_HEAD);
      int foot = pem.indexOf(PEM_FOOT);
      int comment = pem.indexOf("# public: ");
      if (head < 0 || foot < head || comment < 0 || comment > head) {
        throw new IllegalArgumentException(
            "signing key: not a key file (expected: a line '# public: <hex>' and a PKCS #8 PEM block)");
      }
      byte[] der =
          Base64.getMimeDecoder().decode(pem.substring(head + PEM_HEAD.length(), foot).strip());
      PrivateKey privateKey =
          KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(der));
      SigningKey key =
          new SigningKey(
              privateKey,
              new Public(pem.substring(comment + 10, pem.indexOf('\n', comment)).strip()));
      byte[] probe = {1, 2, 3};
      if (!key.publicKey.verifies(probe, key.sign(probe))) {
        throw new IllegalArgumentException(
            "signing key: its public and private halves do not belong together");
      }
      return key;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("signing key: " + e.getMessage(), e);
    }
  }

  /** The key file's text. Keep it secret. */
  public String toPem() {
    return "# Earshot signing key. Keep it secret.\n# public: "
        + publicKey.hex()
        + "\n"
        + PEM_HEAD
        + "\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(privateKey.getEncoded())
        + "\n"
        + PEM_FOOT
        + "\n";
  }

  /** Gives the same bytes every time. */
  private static final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1;
    private final byte[] bytes;

    FixedRandom(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    @Override
    public void nextBytes(byte[] into) {
      System.arraycopy(bytes, 0, into, 0, into.length);
    }
  }

  public Public publicKey() {
    return publicKey;
  }

  /** The 64-byte signature of that message. */
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing with a valid Ed25519 key", e);
    }
  }

  /**
   * The public half: 32 bytes as lower-case hex, as TUF writes it.
   *
   * @param hex 64 hex digits
   */
  public record Public(String hex) {
    public Public {
      if (!hex.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException(
            "public key: '" + hex + "' (expected: 64 lower-case hex digits)");
      }
    }

    /** TUF's key id: SHA-256 of the canonical JSON of the key. */
    public String keyId() {
      return Digest.of(CanonicalJson.bytes(encode())).hex();
    }

    /** As TUF's tables of keys have it. */
    ObjectNode encode() {
      ObjectNode key = JsonNodeFactory.instance.objectNode();
      key.put("keytype", "ed25519").put("scheme", "ed25519");
      key.putObject("keyval").put("public", hex);
      return key;
    }

    /** Reads what {@link #encode} wrote. */
    static Public decode(JsonNode key) {
      if (!Json.text(key, "keytype").equals("ed25519")
          || !Json.text(key, "scheme").equals("ed25519")) {
        throw new IllegalArgumentException("keytype and scheme (expected: ed25519)");
      }
      return new Public(Json.text(Json.object(key, "keyval"), "public"));
    }

    /**
     * Whether that signature of that message was made by this key. False for anything malformed.
     */
    public boolean verifies(byte[] message, byte[] signature) {
      try {
        byte[] raw = HexFormat.of().parseHex(hex);
        boolean xOdd = (raw[31] & 0x80) != 0;
        raw[31] &= 0x7f;
        reverse(raw);
        PublicKey key =
            KeyFactory.getInstance(ALGORITHM)
                .generatePublic(
                    new EdECPublicKeySpec(
                        NamedParameterSpec.ED25519, new EdECPoint(xOdd, new BigInteger(1, raw))));
        Signature verifier = Signature.getInstance(ALGORITHM);
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
      } catch (GeneralSecurityException e) {
        return false;
      }
    }

    private static Public of(EdECPublicKey key) {
      byte[] y = key.getPoint().getY().toByteArray();
      byte[] raw = new byte[32];
      for (int i = 0; i < Math.min(32, y.length); i++) {
        raw[i] = y[y.length - 1 - i];
      }
      if (key.getPoint().isXOdd()) {
        raw[31] |= (byte) 0x80;
      }
      return new Public(HexFormat.of().formatHex(raw));
    }

    private static void reverse(byte[] bytes) {
      for (int i = 0; i < bytes.length / 2; i++) {
        byte swap = bytes[i];
        bytes[i] = bytes[bytes.length - 1 - i];
        bytes[bytes.length - 1 - i] = swap;
      }
    }
  }
}
