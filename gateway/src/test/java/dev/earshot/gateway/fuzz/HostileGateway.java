package dev.earshot.gateway.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.gateway.Await;
import dev.earshot.gateway.Gateway;
import dev.earshot.gateway.GatewayConfig;
import dev.earshot.gateway.KafkaTap;
import dev.earshot.gateway.Scrape;
import dev.earshot.gateway.TestAuthority;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.service.Settings;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A real gateway on a real broker in this process, with everything about it under watch: its log,
 * its uncaught exceptions, its sockets, its metrics, and buffers that are not given back.
 */
final class HostileGateway implements AutoCloseable {
  /** A fleet whose devices are soon above its rate: one message a second. */
  static final String SLOW_FLEET = "slow";

  /** The longest that a normal device may wait for its CONNACK and its PUBACK together. */
  private static final long SERVED_WITHIN_SECONDS = 15;

  private final EmbeddedBroker broker;
  private final Gateway gateway;
  private final LogWatch log;
  private final SSLContext clientTls;
  private final Queue<String> uncaught = new ConcurrentLinkedQueue<>();
  private final ResourceLeakDetector.Level leakLevel = ResourceLeakDetector.getLevel();
  private final Thread.@Nullable UncaughtExceptionHandler previousHandler =
      Thread.getDefaultUncaughtExceptionHandler();
  private int served;

  private HostileGateway(
      EmbeddedBroker broker, Gateway gateway, LogWatch log, SSLContext clientTls) {
    this.broker = broker;
    this.gateway = gateway;
    this.log = log;
    this.clientTls = clientTls;
  }

  static HostileGateway start(Path folder) throws IOException {
    Files.createDirectories(folder);
    TestAuthority authority = new TestAuthority("fuzz");
    TestAuthority.Issued server = authority.server();
    Map<String, String> settings = new HashMap<>();
    settings.put("EARSHOT_HTTP_HOST", "127.0.0.1");
    settings.put("EARSHOT_HTTP_PORT", "0");
    settings.put("EARSHOT_MQTT_PORT", "0");
    settings.put("EARSHOT_MQTTS_PORT", "0");
    settings.put("EARSHOT_MQTT_WS_PORT", "0");
    // Rates are other tests' matter; here they would only keep the hostile out.
    settings.put("EARSHOT_CONNECTS_PER_SECOND", "100000");
    settings.put("EARSHOT_DEVICE_CONNECTS_PER_MINUTE", "6000");
    settings.put("EARSHOT_DEVICE_MESSAGES_PER_SECOND", "1000000");
    settings.put(
        "EARSHOT_FLEET_LIMITS",
        Files.writeString(folder.resolve("fleets"), SLOW_FLEET + " messages-per-second=1")
            .toString());
    settings.put("EARSHOT_DRAIN_SPREAD", "PT0S");
    settings.put("EARSHOT_DEVICE_AUTH", "development");
    settings.put("EARSHOT_MAX_PAYLOAD_BYTES", "4096");
    settings.put("EARSHOT_EVENT_LOOPS", "2");
    settings.put(
        "EARSHOT_TLS_CERTIFICATE",
        TestAuthority.write(folder.resolve("chain.pem"), TestAuthority.pem(server.certificate()))
            .toString());
    settings.put(
        "EARSHOT_TLS_KEY",
        TestAuthority.write(folder.resolve("key.pem"), TestAuthority.key(server)).toString());
    LogWatch log = LogWatch.begin();
    EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
    settings.put("EARSHOT_KAFKA", broker.bootstrap());
    Gateway gateway =
        Gateway.start(GatewayConfig.from(Settings.of(settings)), InstantSource.system());
    HostileGateway started = new HostileGateway(broker, gateway, log, authority.context(null));
    // Of Netty's buffers one in a hundred is watched: when such a one is lost without being given
    // back, that is an error in the log.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.ADVANCED);
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> started.uncaught.add(thread.getName() + ": " + thrown));
    return started;
  }

  int port() {
    return gateway.mqttPort();
  }

  int port(Transport transport) {
    return switch (transport) {
      case TCP -> gateway.mqttPort();
      case TLS, RAW_TLS -> gateway.mqttsPort();
      case WEB_SOCKET -> gateway.webSocketPort();
    };
  }

  /** What this gateway can be attacked over; what is there more than once is chosen as often. */
  List<Transport> transports() {
    return List.of(
        Transport.TCP,
        Transport.TCP,
        Transport.TCP,
        Transport.TCP,
        Transport.TCP,
        Transport.WEB_SOCKET,
        Transport.WEB_SOCKET,
        Transport.WEB_SOCKET,
        Transport.TLS,
        Transport.RAW_TLS);
  }

  SSLContext clientTls() {
    return clientTls;
  }

  Scrape scrape() {
    return new Scrape(gateway);
  }

  KafkaTap kafka() {
    return new KafkaTap(broker.bootstrap());
  }

  /** A device that does nothing wrong connects and publishes, and gets its PUBACK in time. */
  void assertServes() throws IOException {
    long beganNanos = System.nanoTime();
    int version = served % 2 == 0 ? 4 : 5;
    String device = "good/device" + served++;
    try (MqttSocket session = MqttSocket.session(port(), version, device)) {
      session.publishAcknowledged(version, device, 1);
      session.send(Wire.packet(Wire.DISCONNECT, new byte[0]));
      assertTrue(session.isClosedWithin(15_000), "not closed after DISCONNECT");
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNanos);
    assertTrue(seconds < SERVED_WITHIN_SECONDS, "a normal device was served in " + seconds + " s");
  }

  /** Nothing is left of the clients that were there, nothing was said, and others are served. */
  void assertUnharmed() throws IOException {
    assertServes();
    Scrape scrape = scrape();
    for (String gauge :
        List.of("sockets", "connections", "in_flight_messages", "in_flight_bytes")) {
      Await.until(gauge + " back to 0", () -> scrape.value(gauge) == 0);
    }
    Await.until("no socket is paused", () -> scrape.sum("paused_sockets") == 0);
    assertEquals(
        scrape.value("messages_received_total"),
        scrape.value("messages_forwarded_total")
            + scrape.sum("messages_rejected_total")
            + scrape.value("messages_failed_total"),
        "received = forwarded + rejected + failed");
    assertEquals(0, scrape.value("messages_failed_total"), "Kafka was there all the time");
    assertEquals(200, scrape.get("/health/ready").status());
    assertQuiet();
  }

  /** Nothing in the log that is not a client's everyday fault, and no thread that died. */
  void assertQuiet() {
    assertEquals("", complaints(), "in the log");
  }

  /** What the log and dying threads said that no client may bring about; empty when all is well. */
  String complaints() {
    return log.complaints() + String.join("\n", uncaught);
  }

  void forgetComplaints() {
    log.forget();
    uncaught.clear();
  }

  /** Whatever came in: what went to the topics of good messages is good. */
  void assertOnlyGoodMessagesForwarded() throws IOException {
    KafkaTap kafka = kafka();
    for (byte[] value : kafka.values(KafkaTopic.HEARTBEAT)) {
      Heartbeat.parseFrom(value);
    }
    for (byte[] value : kafka.values(KafkaTopic.STATUS)) {
      DeviceStatus.parseFrom(value);
    }
  }

  /** Files and sockets that this process has open, both ends of its connections included. */
  static long descriptors() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }

  @Override
  public void close() {
    gateway.close();
    broker.close();
    ResourceLeakDetector.setLevel(leakLevel);
    Thread.setDefaultUncaughtExceptionHandler(previousHandler);
    log.close();
  }
}
