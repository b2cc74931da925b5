package dev.earshot.gateway.identity;

import dev.earshot.gateway.watch.Watched;
import dev.earshot.protocol.DeviceId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Proves who devices are by what the settings name, and follows changes of those files: keys are
 * rotated and devices are shut out without a restart.
 */
public final class Identities implements Authenticator {
  private static final Duration FETCH = Duration.ofSeconds(5);
  private static final int LONGEST_JWKS = 1 << 20;

  private final DeviceAuth auth;
  private final InstantSource machine;
  private final Revocations revocations;
  private final @Nullable Watched<DeviceTokens> tokens;
  private final List<Watched<?>> watched = new ArrayList<>();

  /**
   * Reads everything that the settings name.
   *
   * @param machine the machine's clock: certificates and tokens expire by it
   * @throws IllegalArgumentException naming the setting and what is wrong with its file
   */
  public Identities(Vertx vertx, IdentitySettings settings, InstantSource machine) {
    this.auth = settings.auth();
    this.machine = machine;
    Supplier<Set<DeviceId>> denied =
        watch("EARSHOT_DEVICE_DENYLIST", settings.denylist(), Revocations::denylist, Set.of());
    Optional<Path> ca = settings.tls().flatMap(IdentitySettings.Tls::deviceCa);
    Supplier<List<X509Certificate>> authorities =
        watch("EARSHOT_DEVICE_CA", ca, Identities::certificates, List.of());
    Supplier<List<X509CRL>> lists =
        watch(
            "EARSHOT_DEVICE_CRL",
            settings.tls().flatMap(IdentitySettings.Tls::revoked),
            bytes -> Revocations.lists(bytes, authorities.get()),
            List.of());
    this.revocations = new Revocations(denied, lists);
    this.tokens = settings.tokens().map(t -> tokens(vertx, t)).orElse(null);
  }

  private <T> Supplier<T> watch(
      String setting, Optional<Path> file, Watched.Reader<T> reader, T otherwise) {
    if (file.isEmpty()) {
      return () -> otherwise;
    }
    Path path = file.get();
    Watched<T> source = new Watched<>(setting + " " + path, () -> Files.readAllBytes(path), reader);
    watched.add(source);
    return source::get;
  }

  private Watched<DeviceTokens> tokens(Vertx vertx, IdentitySettings.Tokens settings) {
    Watched<DeviceTokens> source =
        new Watched<>(
            "EARSHOT_DEVICE_JWKS " + settings.keys(),
            source(settings.keys()),
            bytes -> DeviceTokens.parse(vertx, settings, bytes));
    watched.add(source);
    return source;
  }

  private static Watched.Source source(String keys) {
    if (!keys.startsWith("https://") && !keys.startsWith("http://")) {
      return () -> Files.readAllBytes(Path.of(keys));
    }
    HttpClient http = HttpClient.newBuilder().connectTimeout(FETCH).build();
    HttpRequest request = HttpRequest.newBuilder(URI.create(keys)).timeout(FETCH).build();
    return () -> fetch(http, request);
  }

  private static byte[] fetch(HttpClient http, HttpRequest request) throws IOException {
    try {
      HttpResponse<byte[]> answer =
          http.send(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), LONGEST_JWKS));
      if (answer.statusCode() != 200) {
        throw new IOException("HTTP status " + answer.statusCode() + " (expected: 200)");
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  static List<X509Certificate> certificates(byte[] pem) {
    try {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (all.isEmpty()) {
        throw new IllegalArgumentException("no certificate (expected: PEM)");
      }
      return all;
    } catch (CertificateException e) {
      throw new IllegalArgumentException("not certificates in PEM: " + e.getMessage(), e);
    }
  }

  @Override
  public Future<Authentication> authenticate(Credentials credentials) {
    return proof(credentials)
        .map(proof -> judged(credentials, proof))
        .otherwise(failure -> new Authentication.Refused(String.valueOf(failure.getMessage())));
  }

  private Future<Proof> proof(Credentials credentials) {
    X509Certificate certificate = credentials.certificate();
    if (certificate != null && auth.takesCertificates()) {
      return Future.succeededFuture(certificate)
          .map(
              shown ->
                  new Proof(CertificateIdentity.of(shown), shown, shown.getNotAfter().toInstant()));
    }
    Watched<DeviceTokens> verifier = tokens;
    String token = credentials.password();
    if (verifier != null && auth.takesTokens() && token != null && !token.isEmpty()) {
      return verifier.get().verify(token);
    }
    return Future.failedFuture(
        new IllegalArgumentException(
            switch (auth) {
              case CERTIFICATE -> "no client certificate";
              case TOKEN -> "no password (expected: a token)";
              case CERTIFICATE_OR_TOKEN -> "neither a client certificate nor a token as password";
              case DEVELOPMENT, UNDECIDED -> "nothing proves who this is";
            }));
  }

  private Authentication judged(Credentials credentials, Proof proof) {
    String username = credentials.username();
    if (username != null && !username.isEmpty() && !username.equals(proof.device().toString())) {
      return new Authentication.Refused(
          "user name '" + username + "' (expected: " + proof.device() + ", as proved, or none)");
    }
    return lapsed(proof)
        .<Authentication>map(Authentication.Refused::new)
        .orElseGet(() -> new Authentication.Accepted(proof));
  }

  /** Why what was accepted once no longer holds; empty when it does. */
  public Optional<String> lapsed(Proof proof) {
    return revocations.against(proof, machine.instant());
  }

  /** Looks at all files again. Blocks. */
  public synchronized void refresh() {
    watched.forEach(Watched::refresh);
  }

  /** What can't be read any more, though what was read before holds; empty when all is well. */
  public String problem() {
    return watched.stream()
        .map(Watched::problem)
        .filter(problem -> !problem.isEmpty())
        .findFirst()
        .orElse("");
  }
}
