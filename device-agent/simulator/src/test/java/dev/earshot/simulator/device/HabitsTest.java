package dev.earshot.simulator.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.simulator.TestRelease;
import dev.earshot.simulator.scenario.DeviceGroup;
import dev.earshot.simulator.scenario.DeviceGroup.Battery;
import dev.earshot.simulator.scenario.DeviceGroup.Churn;
import dev.earshot.simulator.scenario.DeviceGroup.Fidelity;
import dev.earshot.simulator.scenario.DeviceGroup.Move;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.truth.Truth;
import dev.earshot.simulator.world.PopulationMix;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Devices in their owners' hands. */
class HabitsTest {
  private static final TestRelease ONE = TestRelease.of("test:1.0.0", 1, .5, .1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int DEVICES = 30;

  private static VirtualFleet fleet(Churn churn, List<Move> moves, Battery battery)
      throws IOException {
    PopulationMix standard = PopulationMix.standard();
    PopulationMix quiet =
        new PopulationMix(
            Map.of(Environment.QUIET, 1.0),
            standard.regions(),
            standard.firmwares(),
            standard.chip(),
            standard.overdispersionShape(),
            standard.lowestDuty(),
            standard.wakeAttemptsPerDay(),
            standard.dailyAmplitude());
    DeviceGroup phones =
        new DeviceGroup("phones", DEVICES, quiet, Fidelity.RATES, battery, churn, moves);
    return new VirtualFleet(
        Scenario.standard(1, ONE.signed().manifest().release()).withGroups(List.of(phones)), ONE);
  }

  private static void requireNothingLost(VirtualFleet fleet) throws IOException {
    Truth truth = fleet.services.ledger().snapshot();
    assertEquals(truth.happened(), fleet.received());
    assertEquals(truth.happened(), truth.acknowledged());
    assertEquals(Map.of(), fleet.services.ledger().destroyed());
  }

  @Test
  void phoneThatGoesIntoTheCar_reportsIntervalsOfOneEnvironmentEach() throws IOException {
    Move drive = new Move(Environment.QUIET, Environment.CAR, 4, Duration.ofHours(2));
    VirtualFleet fleet = fleet(Churn.NONE, List.of(drive), Battery.STANDARD);
    fleet.loop.run(HOUR.multipliedBy(48));
    fleet.finish();
    requireNothingLost(fleet);
    Map<Environment, Double> hours = new EnumMap<>(Environment.class);
    int shortened = 0;
    for (Heartbeat beat : fleet.heartbeats()) {
      hours.merge(beat.getEnvironment(), beat.getIntervalMs() / 3_600_000.0, Double::sum);
      assertTrue(beat.getIntervalMs() <= 15 * 60_000, "never longer than the heartbeat interval");
      shortened += beat.getIntervalMs() < 15 * 60_000 ? 1 : 0;
    }
    double inCar = hours.getOrDefault(Environment.CAR, 0.0) / (DEVICES * 48.0);
    assertEquals(.25, inCar, .06, "2 h away after 6 h at home");
    assertTrue(shortened > DEVICES * 8, "the interval ends when the place changes: " + shortened);
    assertEquals(2, hours.size());
  }

  @Test
  void deviceThatIsSwitchedOff_tellsEverythingBefore_andComesBackWithoutAnUnexpectedReboot()
      throws IOException {
    VirtualFleet fleet = fleet(new Churn(4, Duration.ofHours(2)), List.of(), Battery.STANDARD);
    int least = DEVICES;
    for (int i = 0; i < 48; i++) {
      fleet.loop.run(HOUR);
      least = Math.min(least, fleet.connected.size());
    }
    assertTrue(least < DEVICES - 3 && least > DEVICES / 3, "about a quarter is away: " + least);
    fleet.finish();
    requireNothingLost(fleet);
    int boots = fleet.heartbeats().stream().mapToInt(Heartbeat::getBootId).max().orElse(0);
    assertTrue(boots > 4, "boots are counted: " + boots);
    assertEquals(0, fleet.heartbeats().stream().mapToInt(Heartbeat::getUnexpectedReboots).sum());
  }

  @Test
  void smallerCell_emptiesFaster() throws IOException {
    double[] drop = new double[2];
    for (int i = 0; i < 2; i++) {
      VirtualFleet fleet = fleet(Churn.NONE, List.of(), new Battery(1110, i == 0 ? 1 : .5));
      fleet.loop.run(HOUR.multipliedBy(24));
      fleet.finish();
      double millis = 0;
      for (Heartbeat beat : fleet.heartbeats()) {
        drop[i] += beat.getBatterySocPctDrop();
        millis += beat.getBatteryDischargeDurationMs();
      }
      drop[i] /= millis;
    }
    assertEquals(2, drop[1] / drop[0], .1);
  }
}
