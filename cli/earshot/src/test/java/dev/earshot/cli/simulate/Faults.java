package dev.earshot.cli.simulate;

import dev.earshot.simulator.scenario.Fault;
import java.time.Duration;
import java.util.Set;

/** One fault of each kind, strong enough to show in an hour of a few devices. */
final class Faults {
  private static final Duration LONG = Duration.ofDays(30);

  private Faults() {}

  static Fault strong(Fault.Kind kind) {
    return switch (kind) {
      case PACKET_LOSS -> fault(kind, .2, 0);
      case LATENCY -> fault(kind, .5, 3000);
      case BANDWIDTH -> fault(kind, 1, 2000);
      case FLAPPING -> fault(kind, 40, 0);
      case RECONNECT_STORM ->
          new Fault(kind, 1, 0, Duration.ofHours(2), Duration.ofHours(3), Set.of());
      case GATEWAY_LOSS ->
          new Fault(kind, 1, 0, Duration.ofHours(2), Duration.ofHours(3), Set.of());
      case CLOCK_SKEW -> fault(kind, .5, -5400);
      case CLOCK_RESET -> fault(kind, 10, 0);
      case POWER_LOSS_IN_DOWNLOAD -> fault(kind, 1, 5000);
      case POWER_LOSS_IN_UPDATE -> fault(kind, 1, 0);
      case POWER_LOSS -> fault(kind, 10, 0);
      case CORRUPT_CHUNK -> fault(kind, .5, 0);
      case FULL_FLASH -> fault(kind, .5, 2000);
      case DUPLICATE_HEARTBEAT -> fault(kind, .5, 0);
      case REORDERED_HEARTBEAT -> fault(kind, .3, 0);
      case BRICK -> fault(kind, .5, 0);
      case BATTERY_AGEING -> fault(kind, 1, .3);
    };
  }

  /** Whether what a device has not reported yet may be gone for good. */
  static boolean destroysHeartbeats(Fault.Kind kind) {
    return switch (kind) {
      case POWER_LOSS_IN_DOWNLOAD, POWER_LOSS_IN_UPDATE, POWER_LOSS, BRICK -> true;
      case PACKET_LOSS,
          LATENCY,
          BANDWIDTH,
          FLAPPING,
          RECONNECT_STORM,
          GATEWAY_LOSS,
          CLOCK_SKEW,
          CLOCK_RESET,
          CORRUPT_CHUNK,
          FULL_FLASH,
          DUPLICATE_HEARTBEAT,
          REORDERED_HEARTBEAT,
          BATTERY_AGEING ->
          false;
    };
  }

  private static Fault fault(Fault.Kind kind, double rate, double magnitude) {
    return new Fault(kind, rate, magnitude, Duration.ZERO, LONG, Set.of());
  }
}
