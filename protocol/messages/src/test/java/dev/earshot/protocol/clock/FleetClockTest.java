package dev.earshot.protocol.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class FleetClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void fastClock_showsHoursForMinutes() {
    FleetClock clock =
        new FleetClock(START, START, 300, InstantSource.fixed(START.plusSeconds(60)));
    assertEquals(START.plus(Duration.ofHours(5)), clock.instant());
    assertEquals(Duration.ofSeconds(3), clock.toMachine(Duration.ofMinutes(15)));
  }

  @Test
  void specification_isReadBack() {
    FleetClock clock = new FleetClock(START, START.plusSeconds(5), 300, InstantSource.system());
    FleetClock read = FleetClock.parse(clock.specification());
    assertEquals(clock.fleetOrigin(), read.fleetOrigin());
    assertEquals(clock.machineOrigin(), read.machineOrigin());
    assertEquals(clock.speed(), read.speed());
    assertEquals("real", FleetClock.parse("real").specification());
  }

  @Test
  void badSpecification_saysWhatIsExpected() {
    assertEquals(
        "clock: 'fast' (expected: real, or FLEET_INSTANT@MACHINE_INSTANT*SPEED)",
        assertThrows(IllegalArgumentException.class, () -> FleetClock.parse("fast")).getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new FleetClock(START, START, 0, InstantSource.system()));
  }
}
