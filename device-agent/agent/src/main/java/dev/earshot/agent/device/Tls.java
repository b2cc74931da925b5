package dev.earshot.agent.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS as the files say, read anew when one of them has changed: a renewed certificate is used at
 * the next connection.
 *
 * <p>A device without a battery-backed clock wakes up in 1970 and would find no certificate valid
 * yet. So certificates are judged at the latest of its clock and of the moments from which the
 * authorities' and its own certificate are valid: it is certainly later than those. What that
 * costs: until its clock is set, such a device accepts a server whose certificate has expired
 * since. Revocation is not checked; certificates should be short-lived.
 */
final class Tls {
  private static final Logger log = LoggerFactory.getLogger(Tls.class);

  /** Older versions have known weaknesses. */
  static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private static final char[] NO_PASSWORD = {};

  private final TlsFiles files;
  private final InstantSource clock;
  private List<FileTime> stamps = List.of();
  private @Nullable SSLContext context;
  private boolean clockIsBehind;

  Tls(TlsFiles files, InstantSource clock) {
    this.files = files;
    this.clock = clock;
  }

  TlsFiles files() {
    return files;
  }

  /** What to connect with now; the same object as before when no file has changed. */
  synchronized SSLContext context() throws InvalidCredentials {
    List<FileTime> now = stamps();
    SSLContext last = context;
    if (last == null || clockIsBehind || !now.equals(stamps)) {
      last = read();
      context = last;
      stamps = now;
    }
    return last;
  }

  private List<FileTime> stamps() {
    List<FileTime> times = new ArrayList<>();
    Stream.of(files.ca(), files.certificate(), files.key())
        .flatMap(java.util.Optional::stream)
        .forEach(file -> times.add(lastModified(file)));
    return times;
  }

  private static FileTime lastModified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // reading it says what is wrong
    }
  }

  private SSLContext read() throws InvalidCredentials {
    try {
      List<X509Certificate> own = own();
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(keys(own), authorities(own), null);
      return made;
    } catch (GeneralSecurityException | IOException e) {
      if (e instanceof InvalidCredentials invalid) {
        throw invalid;
      }
      throw new InvalidCredentials("TLS can't be set up: " + e.getMessage(), e);
    }
  }

  private List<X509Certificate> own() throws InvalidCredentials {
    return files.certificate().isEmpty()
        ? List.of()
        : PemFile.certificates(files.certificate().get());
  }

  private KeyManager @Nullable [] keys(List<X509Certificate> own)
      throws GeneralSecurityException, IOException {
    if (own.isEmpty() || files.key().isEmpty()) {
      return null;
    }
    X509Certificate device = own.getFirst();
    PrivateKey key = PemFile.key(files.key().get(), device.getPublicKey().getAlgorithm());
    requirePair(device, key, files.key().get());
    if (device.getNotAfter().toInstant().isBefore(clock.instant())) {
      log.warn(
          "{}: the device's certificate expired at {} (renew it; the file is read again at each"
              + " connection)",
          files.certificate().get(),
          device.getNotAfter().toInstant());
    }
    KeyStore store = emptyStore();
    store.setKeyEntry("device", key, NO_PASSWORD, own.toArray(X509Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static void requirePair(X509Certificate certificate, PrivateKey key, Path file)
      throws GeneralSecurityException, InvalidCredentials {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] something = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(something);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(something);
    if (!signature.verify(signed)) {
      throw new InvalidCredentials(file + ": is not the key of the device's certificate");
    }
  }

  private TrustManager @Nullable [] authorities(List<X509Certificate> own)
      throws GeneralSecurityException, IOException {
    if (files.ca().isEmpty()) {
      return null; // the JDK's
    }
    List<X509Certificate> authorities = PemFile.certificates(files.ca().get());
    KeyStore store = emptyStore();
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("ca" + i, authorities.get(i));
    }
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(store, new X509CertSelector());
    parameters.setRevocationEnabled(false);
    Instant earliest =
        Stream.concat(authorities.stream(), own.stream())
            .map(certificate -> certificate.getNotBefore().toInstant())
            .reduce(Instant.EPOCH, Tls::later);
    clockIsBehind = clock.instant().isBefore(earliest);
    if (clockIsBehind) {
      log.warn(
          "the clock shows {}, before this device's certificates began: {} counts",
          clock.instant(),
          earliest);
      parameters.setDate(Date.from(earliest));
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(new CertPathTrustManagerParameters(parameters));
    return factory.getTrustManagers();
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
