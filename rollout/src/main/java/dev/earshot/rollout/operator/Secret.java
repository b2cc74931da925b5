package dev.earshot.rollout.operator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * An operator's token, of which only the SHA-256 is kept.
 *
 * @param sha256 32 bytes; not copied, do not change it
 * @param operator whose it is
 */
@SuppressWarnings("ArrayRecordComponent") // Compared in constant time only, never by equals.
record Secret(byte[] sha256, Operator operator) {

  /** Whether that is the digest of its token; takes as long for a near miss as for any other. */
  boolean matches(byte[] digest) {
    return MessageDigest.isEqual(sha256, digest);
  }

  static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
