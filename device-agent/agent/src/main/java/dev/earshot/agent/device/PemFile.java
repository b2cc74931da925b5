package dev.earshot.agent.device;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys (RFC 7468). */
final class PemFile {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private PemFile() {}

  /** All certificates of a file, in its order; at least one. */
  static List<X509Certificate> certificates(Path file) throws InvalidCredentials {
    try {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(content(file)))
              .stream()
              .map(PemFile::x509)
              .toList();
      if (certificates.isEmpty()) {
        throw new InvalidCredentials(
            file + ": holds no certificate (expected: -----BEGIN CERTIFICATE-----)");
      }
      return certificates;
    } catch (CertificateException e) {
      throw new InvalidCredentials(file + ": not certificates in PEM format: " + e.getMessage(), e);
    }
  }

  private static X509Certificate x509(Certificate certificate) {
    return (X509Certificate) certificate; // what a factory for X.509 makes
  }

  /**
   * A file's private key.
   *
   * @param algorithm of the certificate's public key: RSA, EC or EdDSA
   */
  static PrivateKey key(Path file, String algorithm) throws InvalidCredentials {
    Matcher blocks = BLOCK.matcher(new String(content(file), StandardCharsets.US_ASCII));
    String found = "no key";
    while (blocks.find()) {
      found = "a " + blocks.group(1);
      if (blocks.group(1).equals("PRIVATE KEY")) {
        return key(file, algorithm, blocks.group(2));
      }
    }
    throw new InvalidCredentials(
        file
            + ": holds "
            + found
            + " (expected: a PRIVATE KEY in PKCS #8, not encrypted;"
            + " openssl pkcs8 -topk8 -nocrypt makes it one)");
  }

  private static PrivateKey key(Path file, String algorithm, String base64)
      throws InvalidCredentials {
    try {
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new InvalidCredentials(
          file + ": not a private key of the certificate's kind, " + algorithm, e);
    }
  }

  private static byte[] content(Path file) throws InvalidCredentials {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new InvalidCredentials(file + ": no such file", e);
    } catch (IOException e) {
      throw new InvalidCredentials(file + ": can't be read: " + e.getMessage(), e);
    }
  }
}
