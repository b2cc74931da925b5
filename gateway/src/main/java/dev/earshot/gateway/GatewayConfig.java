package dev.earshot.gateway;

import dev.earshot.gateway.identity.IdentitySettings;
import dev.earshot.gateway.limits.LimitSettings;
import dev.earshot.service.Settings;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What a gateway needs to know.
 *
 * @param kafka bootstrap servers
 * @param host address that MQTT and HTTP listen on
 * @param mqttPort 0 means any free one
 * @param httpPort of health and metrics; 0 means any free one
 * @param instance this instance's name, in session events
 * @param identity how devices prove who they are, and over what
 * @param webSocketPort of MQTT over WebSocket; 0 means any free one, empty that it is not served
 * @param secureWebSocketPort the same over TLS
 * @param deviceLimits what one device and one fleet may ask
 * @param devicePartitions of the topics that are keyed by device, when they must be created
 * @param replication of topics that must be created
 * @param limits what bounds its memory and its patience
 */
public record GatewayConfig(
    String kafka,
    String host,
    int mqttPort,
    int httpPort,
    String instance,
    IdentitySettings identity,
    OptionalInt webSocketPort,
    OptionalInt secureWebSocketPort,
    LimitSettings deviceLimits,
    int devicePartitions,
    int replication,
    Limits limits) {

  /**
   * What bounds a gateway.
   *
   * @param eventLoops threads that serve connections, 1 to 64
   * @param maxPayloadBytes larger payloads become dead letters, 1 KiB to 128 KiB
   * @param maxInFlightMessages sent to Kafka and not yet answered; above it sockets are not read
   * @param maxInFlightBytes the same in bytes of payload
   * @param deliveryTimeout how long Kafka may take for a message before the device is disconnected
   *     unacknowledged
   * @param drainTimeout how long closing waits for what is in flight
   * @param drainSpread over which time devices are sent away when the gateway closes; shorter than
   *     the drain timeout, by default half of it
   */
  public record Limits(
      int eventLoops,
      int maxPayloadBytes,
      int maxInFlightMessages,
      int maxInFlightBytes,
      Duration deliveryTimeout,
      Duration drainTimeout,
      Duration drainSpread) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** What does not go together, with the fix; empty when all is well. */
    List<String> problems() {
      return drainSpread.compareTo(drainTimeout) < 0
          ? List.of()
          : List.of(
              "EARSHOT_DRAIN_SPREAD: "
                  + drainSpread
                  + " (expected: less than EARSHOT_DRAIN_TIMEOUT, which is "
                  + drainTimeout
                  + ")");
    }

    /** Fit for some ten thousand devices on a machine with a few cores. */
    public static Limits defaults() {
      return new Limits(
          Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8),
          16 << 10,
          50_000,
          32 << 20,
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5));
    }

    /** Of a gateway that is alone: there is none that its devices could overrun. */
    public Limits alone() {
      return new Limits(
          eventLoops,
          maxPayloadBytes,
          maxInFlightMessages,
          maxInFlightBytes,
          deliveryTimeout,
          drainTimeout,
          Duration.ZERO);
    }

    static Limits from(Settings settings) {
      Limits defaults = defaults();
      Duration drainTimeout = patience(settings, "EARSHOT_DRAIN_TIMEOUT", defaults.drainTimeout);
      return new Limits(
          settings.integer("EARSHOT_EVENT_LOOPS", defaults.eventLoops, 1, 64),
          settings.integer(
              "EARSHOT_MAX_PAYLOAD_BYTES", defaults.maxPayloadBytes, 1 << 10, 128 << 10),
          settings.integer(
              "EARSHOT_MAX_IN_FLIGHT_MESSAGES", defaults.maxInFlightMessages, 1, 1_000_000),
          settings.integer(
              "EARSHOT_MAX_IN_FLIGHT_BYTES", defaults.maxInFlightBytes, 1 << 20, 1 << 30),
          patience(settings, "EARSHOT_DELIVERY_TIMEOUT", defaults.deliveryTimeout),
          drainTimeout,
          settings.parsed(
              "EARSHOT_DRAIN_SPREAD",
              drainTimeout.dividedBy(2),
              text -> duration(text, Duration.ZERO),
              "a duration from PT0S to PT10M"));
    }

    private static Duration patience(Settings settings, String key, Duration fallback) {
      return settings.parsed(
          key, fallback, text -> duration(text, SHORTEST), "a duration from PT1S to PT10M");
    }

    private static Duration duration(String text, Duration shortest) {
      Duration duration;
      try {
        duration = Duration.parse(text);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("no duration", e);
      }
      if (duration.compareTo(shortest) < 0 || duration.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("out of range");
      }
      return duration;
    }
  }

  private static OptionalInt optionalPort(Settings settings, String key) {
    int notServed = -1;
    int port = settings.port(key, notServed);
    return port == notServed ? OptionalInt.empty() : OptionalInt.of(port);
  }

  /** What does not go together, with the fix; empty when all is well. */
  public List<String> problems() {
    return Stream.concat(identity.problems().stream(), limits.problems().stream()).toList();
  }

  /** Reads the environment's keys. */
  public static GatewayConfig from(Settings settings) {
    return new GatewayConfig(
        settings.text("EARSHOT_KAFKA", "localhost:19092"),
        settings.text("EARSHOT_HTTP_HOST", "0.0.0.0"),
        settings.port("EARSHOT_MQTT_PORT", 1883),
        settings.port("EARSHOT_HTTP_PORT", 7080),
        settings.text("EARSHOT_INSTANCE", "gateway-0"),
        IdentitySettings.from(settings),
        optionalPort(settings, "EARSHOT_MQTT_WS_PORT"),
        optionalPort(settings, "EARSHOT_MQTTS_WS_PORT"),
        LimitSettings.from(settings),
        settings.integer("EARSHOT_DEVICE_PARTITIONS", 8, 1, 4096),
        settings.integer("EARSHOT_REPLICATION", 1, 1, 9),
        Limits.from(settings));
  }
}
