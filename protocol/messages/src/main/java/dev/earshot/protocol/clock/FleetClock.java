package dev.earshot.protocol.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The time that devices, exposures, soak times and gates live in. At speed 1 it is the machine's
 * clock. A demonstration runs it faster: {@code fleet = fleetOrigin + speed * (machine -
 * machineOrigin)}, so that minutes at the screen hold the device-hours that the statistics need.
 * Every process that is given the same specification reads the same time.
 *
 * <p>Only the fleet lives in it. Network timeouts, retries and Kafka run on the machine's clock.
 */
public record FleetClock(
    Instant fleetOrigin, Instant machineOrigin, double speed, InstantSource machine)
    implements InstantSource {

  public FleetClock {
    if (!(speed > 0 && speed <= 100_000)) {
      throw new IllegalArgumentException("speed: " + speed + " (expected: > 0 and <= 100000)");
    }
  }

  /** The machine's own clock. */
  public static FleetClock realTime() {
    return new FleetClock(Instant.EPOCH, Instant.EPOCH, 1, InstantSource.system());
  }

  /** A clock that shows {@code now} at this moment and runs at that speed. */
  public static FleetClock startingAt(Instant now, double speed, InstantSource machine) {
    return new FleetClock(now, machine.instant(), speed, machine);
  }

  /**
   * Parses a specification: {@code real}, or {@code FLEET_INSTANT@MACHINE_INSTANT*SPEED} such as
   * {@code 2026-01-01T00:00:00Z@2026-11-22T10:00:00Z*300}.
   */
  public static FleetClock parse(String specification) {
    if (specification.equals("real")) {
      return realTime();
    }
    int at = specification.indexOf('@');
    int star = specification.indexOf('*');
    if (at < 0 || star < at) {
      throw new IllegalArgumentException(
          "clock: '"
              + specification
              + "' (expected: real, or FLEET_INSTANT@MACHINE_INSTANT*SPEED)");
    }
    return new FleetClock(
        Instant.parse(specification.substring(0, at)),
        Instant.parse(specification.substring(at + 1, star)),
        Double.parseDouble(specification.substring(star + 1)),
        InstantSource.system());
  }

  @Override
  public Instant instant() {
    Duration elapsed = Duration.between(machineOrigin, machine.instant());
    if (speed == 1) {
      return fleetOrigin.plus(elapsed);
    }
    return fleetOrigin.plusNanos((long) (elapsed.toNanos() * speed));
  }

  /** How long to wait on the machine's clock for that much fleet time; at least one millisecond. */
  public Duration toMachine(Duration fleet) {
    return Duration.ofNanos(Math.max(1_000_000, (long) (fleet.toNanos() / speed)));
  }

  /** The specification that {@link #parse} reads back. */
  public String specification() {
    return fleetOrigin.equals(machineOrigin) && speed == 1
        ? "real"
        : fleetOrigin + "@" + machineOrigin + "*" + speed;
  }
}
