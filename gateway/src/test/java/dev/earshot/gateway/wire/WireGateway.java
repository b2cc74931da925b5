package dev.earshot.gateway.wire;

import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.gateway.Await;
import dev.earshot.gateway.Gateway;
import dev.earshot.gateway.GatewayConfig;
import dev.earshot.gateway.KafkaTap;
import dev.earshot.gateway.Scrape;
import dev.earshot.protocol.v1.SessionEvent;
import dev.earshot.service.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** A real gateway for a test class, on one real broker for all of them. */
final class WireGateway implements BeforeAllCallback, AfterAllCallback {
  /** What the fleet's clock shows, always. */
  static final Instant FLEET_TIME = Instant.parse("2031-05-01T12:00:00Z");

  private static final Namespace NAMESPACE = Namespace.create(WireGateway.class);
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final Map<String, String> settings;
  private @Nullable Broker broker;
  private @Nullable Gateway gateway;

  private WireGateway(Map<String, String> settings) {
    this.settings = settings;
  }

  static WireGateway standard() {
    return new WireGateway(Map.of());
  }

  /** With these settings besides the {@link #settings usual ones}. */
  static WireGateway with(Map<String, String> settings) {
    return new WireGateway(settings);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Broker shared =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(Broker.class, key -> Broker.start(), Broker.class);
    broker = shared;
    gateway = startAnother("wire", settings);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    gateway().close();
  }

  /** Another gateway on the same broker; the caller closes it. */
  Gateway startAnother(String instance, Map<String, String> more) {
    return start(bootstrap(), instance, more);
  }

  static Gateway start(String bootstrap, String instance, Map<String, String> more) {
    Settings settings = Settings.of(settings(bootstrap, instance, more));
    GatewayConfig config = GatewayConfig.from(settings);
    settings.finish("gateway");
    return Gateway.start(config, InstantSource.fixed(FLEET_TIME));
  }

  private static Map<String, String> settings(
      String bootstrap, String instance, Map<String, String> more) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "EARSHOT_KAFKA", bootstrap,
                "EARSHOT_INSTANCE", instance,
                "EARSHOT_HTTP_HOST", "127.0.0.1",
                "EARSHOT_HTTP_PORT", "0",
                "EARSHOT_MQTT_PORT", "0",
                "EARSHOT_DEVICE_AUTH", "development",
                "EARSHOT_DEVICE_PARTITIONS", "4",
                "EARSHOT_MAX_PAYLOAD_BYTES", "4096",
                "EARSHOT_EVENT_LOOPS", "2"));
    all.put("EARSHOT_DRAIN_SPREAD", "PT0S");
    all.put("EARSHOT_MQTT_WS_PORT", "0");
    // Limits are for the tests that want them.
    all.put("EARSHOT_DEVICE_CONNECTS_PER_MINUTE", "6000");
    all.put("EARSHOT_DEVICE_MESSAGES_PER_SECOND", "1000000");
    all.putAll(more);
    return all;
  }

  Gateway gateway() {
    return Objects.requireNonNull(gateway);
  }

  String bootstrap() {
    return broker().kafka.bootstrap();
  }

  KafkaTap kafka() {
    return broker().tap;
  }

  Scrape scrape() {
    return new Scrape(gateway());
  }

  private Broker broker() {
    return Objects.requireNonNull(broker);
  }

  /** A TCP connection of a device that nobody has used yet; nothing is sent. */
  RawClient open(Version version, String what) {
    return open(gateway(), version, name(what));
  }

  /** The same, of that very device, to any gateway. */
  static RawClient open(Gateway gateway, Version version, String name) {
    try {
      return new RawClient(Line.tcp(gateway.mqttPort()), version, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A name that no test has used. */
  static String name(String what) {
    return what + "-" + NAMES.incrementAndGet();
  }

  /** A new device, connected over TCP. */
  RawClient connected(Version version, String what) throws IOException {
    return open(version, what).connected();
  }

  /** Waits until the device's last session event is that one. */
  void awaitLastEvent(String device, SessionEvent.Kind kind, String reason) {
    Await.until(
        kind + " " + reason + " of " + device,
        () -> {
          List<SessionEvent> events = events(device);
          return !events.isEmpty()
              && events.getLast().getKind() == kind
              && events.getLast().getReason().equals(reason);
        });
  }

  List<SessionEvent> events(String device) {
    try {
      return kafka().sessionEvents(device);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The broker, its folder, and a look into it. */
  private record Broker(EmbeddedBroker kafka, KafkaTap tap, Path folder) implements AutoCloseable {
    static Broker start() {
      try {
        Path folder = Files.createTempDirectory("wire");
        EmbeddedBroker kafka = EmbeddedBroker.start(folder, 0);
        return new Broker(kafka, new KafkaTap(kafka.bootstrap()), folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      tap.close();
      kafka.close();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
