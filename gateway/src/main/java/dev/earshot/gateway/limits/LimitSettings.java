package dev.earshot.gateway.limits;

import dev.earshot.service.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * What one device and one fleet may ask of one gateway.
 *
 * @param maxConnections sockets that are open at the same time, 1 to 1,000,000
 * @param connectsPerSecond CONNECTs that go on to authentication, 1 to 100,000; more of them wait
 * @param connectWait how long a CONNECT may wait, 0 to 30 s; who would wait longer is told that the
 *     gateway is busy. Devices give a connection up after some time (the agent: after 10 s), and
 *     then the wait was for nothing
 * @param deviceConnectsPerMinute of one device, 1 to 6,000, and as many at once
 * @param deviceMessagesPerSecond of one device, 1 to 1,000,000, and ten seconds' worth at once
 * @param maxInFlightPerDevice messages that one device may have unacknowledged, 1 to 65,535: the
 *     Receive Maximum of MQTT 5
 * @param maxKeepAliveSeconds how seldom a device may be heard of, 10 to 65,535
 * @param fleetConnections sessions of one fleet, 0 to 1,000,000; 0 means not limited
 * @param fleetConnectsPerSecond of one fleet, 0 to 100,000; 0 means not limited
 * @param fleetMessagesPerSecond of one fleet, 0 to 1,000,000, and ten seconds' worth at once; 0
 *     means not limited
 * @param fleetLimits file of the fleets that have limits of their own: {@link FleetTable}
 */
public record LimitSettings(
    int maxConnections,
    int connectsPerSecond,
    Duration connectWait,
    int deviceConnectsPerMinute,
    int deviceMessagesPerSecond,
    int maxInFlightPerDevice,
    int maxKeepAliveSeconds,
    int fleetConnections,
    int fleetConnectsPerSecond,
    int fleetMessagesPerSecond,
    Optional<Path> fleetLimits) {
  private static final int MOST_DEVICE_CONNECTS_PER_MINUTE = 6_000;
  private static final int MOST_DEVICE_MESSAGES_PER_SECOND = 1_000_000;
  private static final int MOST_16_BITS = 65_535;
  private static final int SHORTEST_KEEP_ALIVE_SECONDS = 10;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  public LimitSettings {
    require("maxConnections", maxConnections, 1, FleetLimits.MOST_CONNECTIONS);
    require("connectsPerSecond", connectsPerSecond, 1, FleetLimits.MOST_CONNECTS_PER_SECOND);
    if (connectWait.isNegative() || connectWait.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException(
          "connectWait: " + connectWait + " (expected: PT0S to " + LONGEST_WAIT + ")");
    }
    require("deviceConnectsPerMinute", deviceConnectsPerMinute, 1, MOST_DEVICE_CONNECTS_PER_MINUTE);
    require("deviceMessagesPerSecond", deviceMessagesPerSecond, 1, MOST_DEVICE_MESSAGES_PER_SECOND);
    require("maxInFlightPerDevice", maxInFlightPerDevice, 1, MOST_16_BITS);
    require("maxKeepAliveSeconds", maxKeepAliveSeconds, SHORTEST_KEEP_ALIVE_SECONDS, MOST_16_BITS);
    require("fleetConnections", fleetConnections, 0, FleetLimits.MOST_CONNECTIONS);
    require(
        "fleetConnectsPerSecond", fleetConnectsPerSecond, 0, FleetLimits.MOST_CONNECTS_PER_SECOND);
    require(
        "fleetMessagesPerSecond", fleetMessagesPerSecond, 0, FleetLimits.MOST_MESSAGES_PER_SECOND);
  }

  private static void require(String field, int value, int lowest, int highest) {
    if (value < lowest || value > highest) {
      throw new IllegalArgumentException(
          field + ": " + value + " (expected: " + lowest + " to " + highest + ")");
    }
  }

  /** For devices that send once in a while; no fleet is limited. */
  public static LimitSettings defaults() {
    return new LimitSettings(
        100_000, 1_000, Duration.ofSeconds(8), 30, 20, 100, 1_200, 0, 0, 0, Optional.empty());
  }

  /** Reads the environment's keys; the caller ends with {@link Settings#finish}. */
  public static LimitSettings from(Settings settings) {
    LimitSettings defaults = defaults();
    return new LimitSettings(
        settings.integer(
            "EARSHOT_MAX_CONNECTIONS", defaults.maxConnections, 1, FleetLimits.MOST_CONNECTIONS),
        settings.integer(
            "EARSHOT_CONNECTS_PER_SECOND",
            defaults.connectsPerSecond,
            1,
            FleetLimits.MOST_CONNECTS_PER_SECOND),
        settings.parsed(
            "EARSHOT_CONNECT_WAIT",
            defaults.connectWait,
            LimitSettings::wait,
            "a duration from PT0S to PT30S"),
        settings.integer(
            "EARSHOT_DEVICE_CONNECTS_PER_MINUTE",
            defaults.deviceConnectsPerMinute,
            1,
            MOST_DEVICE_CONNECTS_PER_MINUTE),
        settings.integer(
            "EARSHOT_DEVICE_MESSAGES_PER_SECOND",
            defaults.deviceMessagesPerSecond,
            1,
            MOST_DEVICE_MESSAGES_PER_SECOND),
        settings.integer(
            "EARSHOT_MAX_IN_FLIGHT_PER_DEVICE", defaults.maxInFlightPerDevice, 1, MOST_16_BITS),
        settings.integer(
            "EARSHOT_MAX_KEEP_ALIVE_SECONDS",
            defaults.maxKeepAliveSeconds,
            SHORTEST_KEEP_ALIVE_SECONDS,
            MOST_16_BITS),
        settings.integer(
            "EARSHOT_FLEET_CONNECTIONS",
            defaults.fleetConnections,
            0,
            FleetLimits.MOST_CONNECTIONS),
        settings.integer(
            "EARSHOT_FLEET_CONNECTS_PER_SECOND",
            defaults.fleetConnectsPerSecond,
            0,
            FleetLimits.MOST_CONNECTS_PER_SECOND),
        settings.integer(
            "EARSHOT_FLEET_MESSAGES_PER_SECOND",
            defaults.fleetMessagesPerSecond,
            0,
            FleetLimits.MOST_MESSAGES_PER_SECOND),
        Optional.of(settings.text("EARSHOT_FLEET_LIMITS", ""))
            .filter(text -> !text.isEmpty())
            .map(Path::of));
  }

  private static Duration wait(String text) {
    Duration wait;
    try {
      wait = Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("no duration", e);
    }
    if (wait.isNegative() || wait.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException("out of range");
    }
    return wait;
  }

  Rate connects() {
    // A tenth of a second's worth at once: enough that no loop waits for its timer, and smooth.
    return Rate.perSecond(connectsPerSecond, Math.max(1, connectsPerSecond / 10));
  }

  Rate deviceConnects() {
    return Rate.of(deviceConnectsPerMinute, Duration.ofMinutes(1), deviceConnectsPerMinute);
  }

  Rate deviceMessages() {
    return FleetLimits.messagesPerSecond(deviceMessagesPerSecond);
  }

  /** What a fleet may ask that has no limits of its own. */
  FleetLimits fleet(int maxPayloadBytes) {
    return new FleetLimits(
        fleetConnections,
        FleetLimits.connectsPerSecond(fleetConnectsPerSecond),
        FleetLimits.messagesPerSecond(fleetMessagesPerSecond),
        maxPayloadBytes);
  }
}
