package dev.earshot.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.service.InvalidSettings;
import dev.earshot.service.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitSettingsTest {
  private static LimitSettings read(Map<String, String> environment) {
    Settings settings = Settings.of(environment);
    LimitSettings read = LimitSettings.from(settings);
    settings.finish("test");
    return read;
  }

  @Test
  void withoutSettings_theDefaultsHold() {
    assertEquals(LimitSettings.defaults(), read(Map.of()));
    assertEquals(
        new LimitSettings(
            100_000, 1_000, Duration.ofSeconds(8), 30, 20, 100, 1_200, 0, 0, 0, Optional.empty()),
        LimitSettings.defaults());
  }

  @Test
  void everyKey_isRead() {
    assertEquals(
        new LimitSettings(
            1, 2, Duration.ZERO, 3, 4, 5, 16, 7, 8, 9, Optional.of(Path.of("fleets.txt"))),
        read(
            Map.ofEntries(
                Map.entry("EARSHOT_MAX_CONNECTIONS", "1"),
                Map.entry("EARSHOT_CONNECTS_PER_SECOND", "2"),
                Map.entry("EARSHOT_CONNECT_WAIT", "PT0S"),
                Map.entry("EARSHOT_DEVICE_CONNECTS_PER_MINUTE", "3"),
                Map.entry("EARSHOT_DEVICE_MESSAGES_PER_SECOND", "4"),
                Map.entry("EARSHOT_MAX_IN_FLIGHT_PER_DEVICE", "5"),
                Map.entry("EARSHOT_MAX_KEEP_ALIVE_SECONDS", "16"),
                Map.entry("EARSHOT_FLEET_CONNECTIONS", "7"),
                Map.entry("EARSHOT_FLEET_CONNECTS_PER_SECOND", "8"),
                Map.entry("EARSHOT_FLEET_MESSAGES_PER_SECOND", "9"),
                Map.entry("EARSHOT_FLEET_LIMITS", "fleets.txt"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EARSHOT_MAX_CONNECTIONS|0|a whole number from 1 to 1000000",
        "EARSHOT_MAX_CONNECTIONS|1000001|a whole number from 1 to 1000000",
        "EARSHOT_CONNECTS_PER_SECOND|0|a whole number from 1 to 100000",
        "EARSHOT_CONNECTS_PER_SECOND|fast|a whole number from 1 to 100000",
        "EARSHOT_CONNECT_WAIT|8|a duration from PT0S to PT30S",
        "EARSHOT_CONNECT_WAIT|PT-1S|a duration from PT0S to PT30S",
        "EARSHOT_CONNECT_WAIT|PT31S|a duration from PT0S to PT30S",
        "EARSHOT_DEVICE_CONNECTS_PER_MINUTE|6001|a whole number from 1 to 6000",
        "EARSHOT_DEVICE_MESSAGES_PER_SECOND|0|a whole number from 1 to 1000000",
        "EARSHOT_MAX_IN_FLIGHT_PER_DEVICE|65536|a whole number from 1 to 65535",
        "EARSHOT_MAX_IN_FLIGHT_PER_DEVICE|0|a whole number from 1 to 65535",
        "EARSHOT_MAX_KEEP_ALIVE_SECONDS|9|a whole number from 10 to 65535",
        "EARSHOT_FLEET_CONNECTIONS|-1|a whole number from 0 to 1000000",
        "EARSHOT_FLEET_CONNECTS_PER_SECOND|100001|a whole number from 0 to 100000",
        "EARSHOT_FLEET_MESSAGES_PER_SECOND|1.5|a whole number from 0 to 1000000",
      })
  void wrongValue_isNamedWithWhatIsExpected(String key, String value, String expected) {
    InvalidSettings refused = assertThrows(InvalidSettings.class, () -> read(Map.of(key, value)));
    assertEquals(List.of(key + ": '" + value + "' (expected: " + expected + ")"), refused.errors());
  }

  @Test
  void misspeltKey_isRefused() {
    InvalidSettings refused =
        assertThrows(
            InvalidSettings.class, () -> read(Map.of("EARSHOT_FLEET_MESAGES_PER_SECOND", "5")));
    assertEquals(
        List.of(
            "EARSHOT_FLEET_MESAGES_PER_SECOND: unknown"
                + " (did you mean EARSHOT_FLEET_MESSAGES_PER_SECOND?)"),
        refused.errors());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|1|PT0S|1|1|1|10|0|maxConnections: 0 (expected: 1 to 1000000)",
        "1|0|PT0S|1|1|1|10|0|connectsPerSecond: 0 (expected: 1 to 100000)",
        "1|1|PT31S|1|1|1|10|0|connectWait: PT31S (expected: PT0S to PT30S)",
        "1|1|PT-1S|1|1|1|10|0|connectWait: PT-1S (expected: PT0S to PT30S)",
        "1|1|PT0S|0|1|1|10|0|deviceConnectsPerMinute: 0 (expected: 1 to 6000)",
        "1|1|PT0S|1|0|1|10|0|deviceMessagesPerSecond: 0 (expected: 1 to 1000000)",
        "1|1|PT0S|1|1|0|10|0|maxInFlightPerDevice: 0 (expected: 1 to 65535)",
        "1|1|PT0S|1|1|1|9|0|maxKeepAliveSeconds: 9 (expected: 10 to 65535)",
        "1|1|PT0S|1|1|1|10|-1|fleetConnections: -1 (expected: 0 to 1000000)",
      })
  void recordThatMakesNoSense_isRefused(
      int connections,
      int connects,
      Duration wait,
      int deviceConnects,
      int deviceMessages,
      int inFlight,
      int keepAlive,
      int fleet,
      String message) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new LimitSettings(
                    connections,
                    connects,
                    wait,
                    deviceConnects,
                    deviceMessages,
                    inFlight,
                    keepAlive,
                    fleet,
                    fleet,
                    fleet,
                    Optional.empty()));
    assertEquals(message, refused.getMessage());
  }

  @Test
  void fastestRates_areRepresentable() {
    LimitSettings fastest =
        new LimitSettings(
            1_000_000,
            100_000,
            Duration.ofSeconds(30),
            6_000,
            1_000_000,
            65_535,
            65_535,
            1_000_000,
            100_000,
            1_000_000,
            Optional.empty());
    assertEquals(new Rate(10_000, 10_000L * 9_999), fastest.connects());
    assertEquals(new Rate(10_000_000, 10_000_000L * 5_999), fastest.deviceConnects());
    assertEquals(new Rate(1_000, 1_000L * 9_999_999), fastest.deviceMessages());
    assertEquals(
        new FleetLimits(
            1_000_000,
            new Rate(10_000, 10_000L * 99_999),
            new Rate(1_000, 1_000L * 9_999_999),
            2_048),
        fastest.fleet(2_048));
  }

  @Test
  void zeroForAFleet_meansNotLimited() {
    assertEquals(
        new FleetLimits(0, Rate.UNLIMITED, Rate.UNLIMITED, 2_048),
        LimitSettings.defaults().fleet(2_048));
  }
}
