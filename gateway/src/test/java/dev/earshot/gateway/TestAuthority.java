package dev.earshot.gateway;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** An authority of its own that issues certificates for a test. */
public final class TestAuthority {
  private final X500Name name;
  private final KeyPair keys = keys();
  private final X509Certificate certificate;
  private long serial = 1;

  /** A certificate with its private key. */
  public record Issued(X509Certificate certificate, KeyPair keys) {}

  public TestAuthority(String name) {
    this.name = new X500Name("CN=" + name);
    this.certificate = sign(this.name, keys, builder -> {}, true, Instant.now());
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** For a server on the loopback address. */
  public Issued server() {
    return issue("CN=gateway", new GeneralName(GeneralName.iPAddress, "127.0.0.1"), Instant.now());
  }

  /** For a device, by its common name. */
  public Issued device(String id) {
    return issue("CN=" + id, null, Instant.now());
  }

  /** For a device, by a URI. */
  Issued deviceByUri(String id) {
    return issue(
        "CN=whatever",
        new GeneralName(GeneralName.uniformResourceIdentifier, "earshot:" + id),
        Instant.now());
  }

  /** For a device; it ended a day ago. */
  Issued expired(String id) {
    return issue("CN=" + id, null, Instant.now().minus(Duration.ofDays(3)));
  }

  private Issued issue(String subject, @Nullable GeneralName alternative, Instant from) {
    KeyPair own = keys();
    return new Issued(
        sign(
            new X500Name(subject),
            own,
            builder -> {
              if (alternative != null) {
                builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(alternative));
              }
            },
            false,
            from),
        own);
  }

  /** Adds what a certificate needs. */
  @FunctionalInterface
  private interface Extending {
    void extend(JcaX509v3CertificateBuilder builder) throws IOException;
  }

  private X509Certificate sign(
      X500Name subject, KeyPair own, Extending extending, boolean authority, Instant from) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.valueOf(serial++),
              Date.from(from.minus(Duration.ofHours(1))),
              Date.from(from.plus(Duration.ofDays(2))),
              subject,
              own.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      extending.extend(builder);
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its list of revoked certificates, as PEM. */
  String revoking(List<X509Certificate> revoked) {
    X509v2CRLBuilder builder = new X509v2CRLBuilder(name, new Date());
    revoked.forEach(entry -> builder.addCRLEntry(entry.getSerialNumber(), new Date(), 1));
    return pem(builder.build(signer()));
  }

  private ContentSigner signer() {
    try {
      return new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  public static Path write(Path file, String text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, text);
    return Files.move(
        next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  public static String key(Issued issued) throws IOException {
    return pem(new JcaPKCS8Generator(issued.keys().getPrivate(), null).generate());
  }

  /** What a device needs to connect: trusts this authority, and shows that certificate, if any. */
  public SSLContext context(@Nullable Issued own) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", certificate);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyStore mine = KeyStore.getInstance("PKCS12");
      mine.load(null, null);
      if (own != null) {
        mine.setKeyEntry(
            "own", own.keys().getPrivate(), new char[0], new X509Certificate[] {own.certificate()});
      }
      KeyManagerFactory show =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      show.init(mine, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(show.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
