package dev.earshot.simulator.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.simulator.TestRelease;
import dev.earshot.simulator.scenario.DeviceGroup;
import dev.earshot.simulator.scenario.DeviceGroup.Fidelity;
import dev.earshot.simulator.scenario.Regression;
import dev.earshot.simulator.scenario.Regression.Metric;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Truth;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is planted into a release shows in what its devices report, there and nowhere else. */
class RegressionsTest {
  private static final TestRelease ONE = TestRelease.of("test:1.0.0", 1, .5, .1);
  private static final TestRelease TWO = TestRelease.of("test:1.1.0", 2, .5, .1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int DEVICES = 60;

  private static VirtualFleet fleet(
      Fidelity fidelity, Metric metric, double factor, Set<Environment> environments)
      throws IOException {
    DeviceGroup all = DeviceGroup.standard(DEVICES);
    Scenario scenario =
        Scenario.standard(DEVICES, ONE.signed().manifest().release())
            .withGroups(
                List.of(
                    new DeviceGroup(
                        "all",
                        DEVICES,
                        all.mix(),
                        fidelity,
                        all.battery(),
                        all.churn(),
                        List.of())))
            .withRegressions(
                List.of(
                    new Regression(
                        TWO.signed().manifest().release(), metric, factor, environments)));
    VirtualFleet fleet = new VirtualFleet(scenario, ONE, TWO);
    fleet.loop.run(HOUR.multipliedBy(24));
    fleet.tellAll(TWO, TWO.installCommand("command-1", "http://registry", 3600));
    return fleet;
  }

  private static VirtualFleet lived(Metric metric, double factor) throws IOException {
    VirtualFleet fleet = fleet(Fidelity.RATES, metric, factor, Set.of());
    fleet.loop.run(HOUR.multipliedBy(24));
    fleet.finish();
    return fleet;
  }

  /** A figure for each unit of exposure with the new release, against the same with the old. */
  private static double ratio(
      VirtualFleet fleet, ToDoubleFunction<Heartbeat> figure, ToDoubleFunction<Heartbeat> exposure)
      throws IOException {
    Map<String, double[]> sums = new HashMap<>();
    for (Heartbeat beat : fleet.heartbeats()) {
      double[] sum = sums.computeIfAbsent(beat.getRelease(), release -> new double[2]);
      sum[0] += figure.applyAsDouble(beat);
      sum[1] += exposure.applyAsDouble(beat);
    }
    double[] old = sums.getOrDefault(ONE.name(), new double[2]);
    double[] young = sums.getOrDefault(TWO.name(), new double[2]);
    return young[0] / young[1] / (old[0] / old[1]);
  }

  @ParameterizedTest
  @EnumSource(names = {"RATES", "SCORES"})
  void falseAccepts_areMultipliedInTheCarAlone(Fidelity fidelity) throws IOException {
    VirtualFleet fleet = fleet(fidelity, Metric.FALSE_ACCEPTS, 4, Set.of(Environment.CAR));
    fleet.loop.run(HOUR.multipliedBy(24));
    fleet.finish();
    Map<Truth.Key, Counts> happened = fleet.services.ledger().snapshot().happened();
    assertEquals(4, ratio(happened, Environment.CAR), 1.2);
    assertEquals(1, ratio(happened, Environment.KITCHEN), .3);
    assertEquals(happened, fleet.received());
  }

  private static double ratio(Map<Truth.Key, Counts> happened, Environment environment) {
    return perHour(happened, TWO, environment) / perHour(happened, ONE, environment);
  }

  private static double perHour(
      Map<Truth.Key, Counts> happened, TestRelease release, Environment environment) {
    Counts counts = happened.getOrDefault(new Truth.Key(release.name(), environment), Counts.NONE);
    return counts.falseAccepts() / (counts.listeningMillis() / 3_600_000.0);
  }

  @ParameterizedTest
  @EnumSource(names = {"RATES", "SCORES"})
  void misses_areSuspectedMoreOften(Fidelity fidelity) throws IOException {
    VirtualFleet fleet = fleet(fidelity, Metric.MISSES, 3, Set.of());
    fleet.loop.run(HOUR.multipliedBy(24));
    fleet.finish();
    double ratio =
        ratio(
            fleet,
            Heartbeat::getSuspectedFalseRejects,
            beat -> beat.getWakes() - beat.getFalseAccepts());
    assertTrue(ratio > 2.2 && ratio < 4.5, "a miss rate of 0.3 against one of 0.1: " + ratio);
  }

  @Test
  void chipPower_costsMoreForEachHourOfListening() throws IOException {
    VirtualFleet fleet = lived(Metric.NDP_POWER, 1.5);
    assertEquals(1.5, ratio(fleet, Heartbeat::getNdpEnergyUj, Heartbeat::getListeningMs), .02);
  }

  @Test
  void batteryDrain_emptiesTheBatteryFaster_butNotByTheChip() throws IOException {
    VirtualFleet fleet = lived(Metric.BATTERY_DRAIN, 1.4);
    assertEquals(
        1.4,
        ratio(fleet, Heartbeat::getBatterySocPctDrop, Heartbeat::getBatteryDischargeDurationMs),
        .1);
    assertEquals(1, ratio(fleet, Heartbeat::getNdpEnergyUj, Heartbeat::getListeningMs), .02);
  }

  @Test
  void latency_movesInferencesIntoHigherBuckets() throws IOException {
    VirtualFleet fleet = lived(Metric.LATENCY, 4);
    Map<String, Integer> buckets = new HashMap<>();
    for (Heartbeat beat : fleet.heartbeats()) {
      if (beat.getInferences() > 0) {
        buckets.put(beat.getRelease(), beat.getInferenceUsHistogramCount());
      }
    }
    assertEquals(
        buckets.getOrDefault(ONE.name(), 0) + 2, buckets.getOrDefault(TWO.name(), 0), "4 = 2^2");
  }

  @Test
  void crashes_areUnexpectedRebootsOfThatReleaseAlone() throws IOException {
    VirtualFleet fleet = fleet(Fidelity.RATES, Metric.CRASHES, 3, Set.of());
    fleet.loop.run(HOUR.multipliedBy(24));
    fleet.finish();
    Map<String, Integer> reboots = new HashMap<>();
    for (Heartbeat beat : fleet.heartbeats()) {
      reboots.merge(beat.getRelease(), beat.getUnexpectedReboots(), Integer::sum);
    }
    assertEquals(0, reboots.getOrDefault(ONE.name(), 0), "the old release is well: " + reboots);
    assertTrue(reboots.getOrDefault(TWO.name(), 0) > DEVICES, reboots.toString());
    assertEquals(0, fleet.services.tally().powerCuts(), "nobody took their power");
  }

  @Test
  void silence_isNeverBroken_whileTheReleaseRuns() throws IOException {
    VirtualFleet fleet = fleet(Fidelity.RATES, Metric.SILENCE, .5, Set.of());
    fleet.loop.run(HOUR.multipliedBy(4));
    assertEquals(DEVICES / 2.0, fleet.connected.size(), 12, "half of them can't be heard");
    long heard = fleet.connected.size();
    fleet.loop.run(HOUR.multipliedBy(20));
    assertEquals(DEVICES, fleet.connected.size(), "whom nobody hears in its trial goes back");
    Map<String, Long> releases = fleet.services.tally().devicesByRelease();
    assertEquals(heard, releases.get(TWO.name()), releases.toString());
    assertEquals(DEVICES - heard, releases.get(ONE.name()), releases.toString());
  }

  @Test
  void whatAFleetIsBeforeTheUpdate_doesNotDependOnWhatIsPlanted() throws IOException {
    VirtualFleet planted = fleet(Fidelity.RATES, Metric.FALSE_ACCEPTS, 4, Set.of());
    VirtualFleet sound = fleet(Fidelity.RATES, Metric.FALSE_ACCEPTS, 1, Set.of());
    assertEquals(planted.eventLogDigest(), sound.eventLogDigest());
  }
}
