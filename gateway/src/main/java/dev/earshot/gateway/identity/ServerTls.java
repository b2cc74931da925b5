package dev.earshot.gateway.identity;

import dev.earshot.gateway.watch.Watched;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's side of TLS 1.2 and 1.3. A renewed certificate and other authorities count from the
 * next handshake on.
 */
public final class ServerTls {
  private final DeviceAuth auth;
  private final Watched<X509ExtendedKeyManager> certificate;
  private final @Nullable Watched<X509ExtendedTrustManager> authorities;

  /**
   * Reads the files.
   *
   * @throws IllegalArgumentException naming the setting and what is wrong with its file
   */
  public ServerTls(Vertx vertx, DeviceAuth auth, IdentitySettings.Tls settings) {
    this.auth = auth;
    this.certificate =
        new Watched<>(
            "EARSHOT_TLS_CERTIFICATE %s and EARSHOT_TLS_KEY %s"
                .formatted(settings.certificate(), settings.key()),
            () -> joined(settings.certificate(), settings.key()),
            bytes -> keyManager(vertx, bytes));
    this.authorities =
        settings
            .deviceCa()
            .map(
                path ->
                    new Watched<>(
                        "EARSHOT_DEVICE_CA " + path,
                        () -> Files.readAllBytes(path),
                        bytes -> trustManager(vertx, bytes)))
            .orElse(null);
  }

  /** The two files as one text, so that they are looked at together; a key follows a zero byte. */
  private static byte[] joined(Path chain, Path key) throws java.io.IOException {
    return (Files.readString(chain) + "\0" + Files.readString(key))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static X509ExtendedKeyManager keyManager(Vertx vertx, byte[] bytes) {
    String[] files = new String(bytes, StandardCharsets.UTF_8).split("\0", -1);
    KeyCertOptions options =
        new PemKeyCertOptions()
            .addCertValue(Buffer.buffer(files[0]))
            .addKeyValue(Buffer.buffer(files[1]));
    try {
      KeyManager[] managers = options.getKeyManagerFactory(vertx).getKeyManagers();
      return Arrays.stream(managers)
          .filter(X509ExtendedKeyManager.class::isInstance)
          .map(X509ExtendedKeyManager.class::cast)
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no certificate with its key"));
    } catch (Exception e) {
      throw new IllegalArgumentException(
          "not a certificate and its key in PEM: " + e.getMessage(), e);
    }
  }

  private static X509ExtendedTrustManager trustManager(Vertx vertx, byte[] bytes) {
    Identities.certificates(bytes);
    TrustOptions options = new PemTrustOptions().addCertValue(Buffer.buffer(bytes));
    try {
      TrustManager[] managers = options.getTrustManagerFactory(vertx).getTrustManagers();
      return Arrays.stream(managers)
          .filter(X509ExtendedTrustManager.class::isInstance)
          .map(X509ExtendedTrustManager.class::cast)
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no authority"));
    } catch (Exception e) {
      throw new IllegalArgumentException("not certificates in PEM: " + e.getMessage(), e);
    }
  }

  /** The same options, with TLS. */
  public NetServerOptions applyTo(NetServerOptions options) {
    options.setSsl(true);
    options.setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
    options.setKeyCertOptions(KeyCertOptions.wrap(new CurrentKeys()));
    if (authorities != null) {
      options.setTrustOptions(TrustOptions.wrap(new CurrentAuthorities(authorities)));
      options.setClientAuth(
          auth == DeviceAuth.CERTIFICATE ? ClientAuth.REQUIRED : ClientAuth.REQUEST);
    }
    return options;
  }

  /** Looks at the files again. Blocks. */
  public synchronized void refresh() {
    watched().forEach(Watched::refresh);
  }

  /** What can't be read any more, though what was read before holds; empty when all is well. */
  public String problem() {
    return watched().stream()
        .map(Watched::problem)
        .filter(problem -> !problem.isEmpty())
        .findFirst()
        .orElse("");
  }

  private List<Watched<?>> watched() {
    return authorities == null ? List.of(certificate) : List.of(certificate, authorities);
  }

  /** Asks whichever certificate is in force. */
  private final class CurrentKeys extends X509ExtendedKeyManager {
    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
      return certificate.get().getClientAliases(type, issuers);
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return certificate.get().chooseClientAlias(types, issuers, socket);
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return certificate.get().getServerAliases(type, issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return certificate.get().chooseServerAlias(type, issuers, socket);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return certificate.get().chooseEngineServerAlias(type, issuers, engine);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return certificate.get().getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return certificate.get().getPrivateKey(alias);
    }
  }

  /** Asks whichever authorities are in force. */
  private static final class CurrentAuthorities extends X509ExtendedTrustManager {
    private final Watched<X509ExtendedTrustManager> current;

    CurrentAuthorities(Watched<X509ExtendedTrustManager> current) {
      this.current = current;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      current.get().checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      current.get().checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      current.get().checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      current.get().checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      current.get().checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      current.get().checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return current.get().getAcceptedIssuers();
    }
  }
}
