package dev.earshot.agent.device;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues certificates for tests: P-256, ECDSA. */
final class TestAuthority {
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final X500Name name;
  private final KeyPair keys;
  private final String pem;
  private final Instant now = Instant.now();

  TestAuthority(String name) {
    this.name = new X500Name("CN=" + name);
    this.keys = newKeys();
    try {
      X509v3CertificateBuilder builder =
          builder(this.name, keys, now.minus(Duration.ofDays(30)), now.plus(Duration.ofDays(30)));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      pem = pem(sign(builder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A certificate and its key in two PEM files. */
  record Issued(Path certificate, Path key) {}

  /** Writes its own certificate. */
  Path write(Path file) throws IOException {
    return Files.writeString(file, pem);
  }

  /** A certificate that is valid now, for a host's DNS name. */
  Issued issue(Path folder, String file, String subject, String dnsName) throws IOException {
    return issue(
        folder,
        file,
        subject,
        dnsName,
        now.minus(Duration.ofDays(1)),
        now.plus(Duration.ofDays(1)));
  }

  /** A certificate. */
  Issued issue(
      Path folder, String file, String subject, String dnsName, Instant from, Instant until)
      throws IOException {
    KeyPair own = newKeys();
    X509v3CertificateBuilder builder = builder(new X500Name("CN=" + subject), own, from, until);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName)));
    return new Issued(
        Files.writeString(folder.resolve(file + ".pem"), pem(sign(builder))),
        Files.writeString(
            folder.resolve(file + ".key"), pem(new JcaPKCS8Generator(own.getPrivate(), null))));
  }

  private X509v3CertificateBuilder builder(
      X500Name subject, KeyPair own, Instant from, Instant until) {
    return new JcaX509v3CertificateBuilder(
        name,
        BigInteger.valueOf(SERIAL.getAndIncrement()),
        Date.from(from),
        Date.from(until),
        subject,
        own.getPublic());
  }

  private X509CertificateHolder sign(X509v3CertificateBuilder builder) {
    try {
      return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    } catch (OperatorCreationException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(Object what) throws IOException {
    StringWriter out = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(out)) {
      writer.writeObject(what);
    }
    return out.toString();
  }
}
