package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.device.TestAuthority.Issued;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.clock.FleetClock;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's connection against a real MQTT server that speaks TLS and asks for certificates. */
class TlsConnectionIT {
  private static final DeviceId DEVICE = DeviceId.parse("home/kitchen-1");
  private static final String CONNECTED = "connected";

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final TestAuthority authority = new TestAuthority("Test CA");
  private final BlockingQueue<String> clients = new LinkedBlockingQueue<>();
  private Path ca;
  private Issued device;
  private @Nullable AgentLoop loop;
  private @Nullable PahoTransport transport;
  private volatile @Nullable String password;

  @BeforeEach
  void files() throws IOException {
    ca = authority.write(folder.resolve("ca.pem"));
    device = authority.issue(folder, "device", DEVICE.toString(), "device");
  }

  @AfterEach
  void stop() throws Exception {
    AgentLoop running = loop;
    PahoTransport open = transport;
    if (running != null && open != null) {
      running.call(
          () -> {
            open.close();
            return true;
          });
      running.close();
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void certificateOfTheRightAuthority_connects() throws Exception {
    assertEquals(CONNECTED, connect(server(serverCertificate()), tls(ca, device)));
    assertEquals("CN=home/kitchen-1", clients.take());
  }

  @Test
  void serverOfAnotherAuthority_isRefused() throws Exception {
    Path other = new TestAuthority("Other CA").write(folder.resolve("other.pem"));
    assertEquals(
        "the gateway's certificate is not vouched for by " + other + " (set the CA that signed it)",
        connect(server(serverCertificate()), tls(other, device)));
  }

  @Test
  void withoutACaFile_theJdksAuthoritiesCount() throws Exception {
    assertEquals(
        "the gateway's certificate is not vouched for by the JDK's authorities"
            + " (set the CA that signed it)",
        connect(server(serverCertificate()), TlsFiles.NONE));
  }

  @Test
  void expiredServer_isRefused() throws Exception {
    Instant now = Instant.now();
    Issued expired =
        authority.issue(
            folder,
            "old",
            "localhost",
            "localhost",
            now.minusSeconds(9000),
            now.minusSeconds(3600));
    String said = connect(server(expired), tls(ca, device));
    assertTrue(said.startsWith("the gateway's certificate has expired: "), said);
    assertTrue(said.endsWith(" (renew it)"), said);
  }

  @Test
  void serverOfAnotherName_isRefused() throws Exception {
    Issued other = authority.issue(folder, "other", "gateway.example", "gateway.example");
    String said = connect(server(other), tls(ca, device));
    assertTrue(said.startsWith("the gateway's certificate is not for localhost: No "), said);
    assertTrue(said.endsWith(" (connect by a name that is in it)"), said);
  }

  @Test
  void deviceWithoutACertificate_isToldToGetOne() throws Exception {
    String said =
        connect(
            server(serverCertificate()),
            new TlsFiles(Optional.of(ca), Optional.empty(), Optional.empty()));
    assertTrue(
        said.contains("wants a client certificate (give the device one, with its key)"), said);
  }

  @Test
  void deviceWithAnExpiredCertificate_isToldSo() throws Exception {
    Instant now = Instant.now();
    Issued expired =
        authority.issue(
            folder, "old", "device", "device", now.minusSeconds(9000), now.minusSeconds(3600));
    String said = connect(server(serverCertificate()), tls(ca, expired));
    assertTrue(
        said.contains(
            "does not accept the device's certificate "
                + expired.certificate()
                + " (expired, or not signed by an authority of the gateway's?)"),
        said);
  }

  @Test
  void serverWithoutTls_isNamed() throws Exception {
    int port = listen(options().setSsl(false));
    String said = connect(port, tls(ca, device));
    assertTrue(said.contains("it does not speak TLS there"), said);
  }

  @Test
  void clockOf1970_connectsAllTheSame() throws Exception {
    int port = server(serverCertificate());
    assertEquals(
        CONNECTED, connect(port, new Tls(tls(ca, device), () -> Instant.EPOCH), Optional.empty()));
  }

  @Test
  void certificateThatIsRenewed_isUsedAtTheNextConnection() throws Exception {
    Instant now = Instant.now();
    Issued old =
        authority.issue(
            folder, "old", "device", "device", now.minusSeconds(9000), now.minusSeconds(3600));
    int port = server(serverCertificate());
    BlockingQueue<String> outcomes = start(port, new Tls(tls(ca, old), now()), Optional.empty());
    assertTrue(next(outcomes).contains("does not accept the device's certificate"));

    Files.move(device.key(), old.key(), StandardCopyOption.REPLACE_EXISTING);
    Files.move(device.certificate(), old.certificate(), StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(old.certificate(), FileTime.from(now.plusSeconds(5)));

    String outcome = next(outcomes);
    for (int i = 0; i < 3 && !outcome.equals(CONNECTED); i++) {
      outcome = next(outcomes);
    }
    assertEquals(CONNECTED, outcome);
  }

  @Test
  void passwordFile_isSentAndAWrongOneIsExplained() throws Exception {
    password = "s3cret";
    int port = listen(options().setSsl(false));
    Path file = Files.writeString(folder.resolve("token"), "wrong\n");
    GatewayAddress address = GatewayAddress.parse("localhost:" + port);
    BlockingQueue<String> outcomes =
        start(address, new Tls(TlsFiles.NONE, now()), Optional.of(file));
    assertEquals(
        "the gateway does not let in user home/kitchen-1 with the password in " + file,
        next(outcomes));
    Files.writeString(file, "s3cret\nanother line\n");
    assertEquals(CONNECTED, next(outcomes));
  }

  private static InstantSource now() {
    return InstantSource.system();
  }

  private static TlsFiles tls(Path ca, Issued own) {
    return new TlsFiles(Optional.of(ca), Optional.of(own.certificate()), Optional.of(own.key()));
  }

  private Issued serverCertificate() throws IOException {
    return authority.issue(folder, "server", "localhost", "localhost");
  }

  private static MqttServerOptions options() {
    return new MqttServerOptions().setHost("localhost").setPort(0);
  }

  private int server(Issued certificate) throws Exception {
    return listen(
        options()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(certificate.certificate().toString())
                    .setKeyPath(certificate.key().toString()))
            .setTrustOptions(new PemTrustOptions().addCertPath(ca.toString()))
            .setClientAuth(ClientAuth.REQUIRED));
  }

  private int listen(MqttServerOptions options) throws Exception {
    return MqttServer.create(vertx, options)
        .endpointHandler(this::connected)
        .exceptionHandler(failure -> {}) // clients that are turned away
        .listen()
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .actualPort();
  }

  private void connected(MqttEndpoint endpoint) {
    String wanted = password;
    if (wanted != null && !wanted.equals(endpoint.auth().getPassword())) {
      endpoint.reject(MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED);
      return;
    }
    if (endpoint.isSsl()) {
      try {
        clients.add(
            ((java.security.cert.X509Certificate) endpoint.sslSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    endpoint.subscribeHandler(
        subscribe ->
            endpoint.subscribeAcknowledge(subscribe.messageId(), List.of(MqttQoS.AT_LEAST_ONCE)));
    endpoint.accept(false);
  }

  private String connect(int port, TlsFiles files) throws Exception {
    return connect(port, new Tls(files, now()), Optional.empty());
  }

  private String connect(int port, Tls tls, Optional<Path> passwordFile) throws Exception {
    return next(start(port, tls, passwordFile));
  }

  private static String next(BlockingQueue<String> outcomes) throws InterruptedException {
    String outcome = outcomes.poll(30, TimeUnit.SECONDS);
    return outcome == null ? "nothing within 30 s" : outcome;
  }

  private BlockingQueue<String> start(int port, Tls tls, Optional<Path> passwordFile)
      throws Exception {
    return start(GatewayAddress.parse("mqtts://localhost:" + port), tls, passwordFile);
  }

  /** What comes of it: {@link #CONNECTED}, or the advice. */
  private BlockingQueue<String> start(GatewayAddress address, Tls tls, Optional<Path> passwordFile)
      throws Exception {
    BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
    AgentLoop running = new AgentLoop(FleetClock.realTime());
    PahoTransport open =
        new PahoTransport(
            new GatewaySettings(
                address, tls.files(), DEVICE.toString(), passwordFile, Duration.ofSeconds(60)),
            tls,
            DEVICE,
            running,
            new SplittableRandom(1));
    loop = running;
    transport = open;
    running.call(
        () -> {
          open.start(
              new PahoTransport.Events() {
                @Override
                public void connected() {
                  outcomes.add(CONNECTED);
                }

                @Override
                public void disconnected() {
                  // is made anew
                }

                @Override
                public void notConnected(String advice) {
                  outcomes.add(advice);
                }

                @Override
                public void command(byte[] payload) {
                  // there are none
                }
              });
          return true;
        });
    return outcomes;
  }
}
