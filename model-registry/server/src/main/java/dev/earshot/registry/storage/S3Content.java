package dev.earshot.registry.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/**
 * What goes with an object's bytes, so that both ways are checked.
 *
 * @param md5 which the store compares with what arrived; base64
 * @param sha256 which is kept with the object, and compared when it is read; hex
 */
record S3Content(String md5, String sha256) {
  private static final String SHA256 = "sha256";
  private static final int CHUNK = 64 * 1024;

  static S3Content of(byte[] content) {
    return of(digest("MD5").digest(content), digest("SHA-256").digest(content));
  }

  static S3Content of(Path file) throws IOException {
    MessageDigest md5 = digest("MD5");
    MessageDigest sha256 = digest("SHA-256");
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int got = in.read(chunk); got >= 0; got = in.read(chunk)) {
        md5.update(chunk, 0, got);
        sha256.update(chunk, 0, got);
      }
    }
    return of(md5.digest(), sha256.digest());
  }

  private static S3Content of(byte[] md5, byte[] sha256) {
    return new S3Content(Base64.getEncoder().encodeToString(md5), HexFormat.of().formatHex(sha256));
  }

  Map<String, String> metadata() {
    return Map.of(SHA256, sha256);
  }

  /**
   * Objects that something else has put into the bucket may lack the digest.
   *
   * @param where for messages
   * @throws IOException when these are other bytes than were put
   */
  static void verify(String where, Map<String, String> metadata, byte[] content)
      throws IOException {
    String expected = metadata.get(SHA256);
    String actual = HexFormat.of().formatHex(digest("SHA-256").digest(content));
    if (expected != null && !expected.equals(actual)) {
      throw new IOException(
          where + ": sha256 " + actual + " (expected: " + expected + "; damaged in the store)");
    }
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
