package dev.earshot.simulator.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.TestRelease;
import dev.earshot.simulator.device.SimulatedDevice.Whereabouts;
import dev.earshot.simulator.scenario.DeviceGroup;
import dev.earshot.simulator.scenario.DeviceGroup.Churn;
import dev.earshot.simulator.scenario.DeviceGroup.Move;
import dev.earshot.simulator.scenario.Fault;
import dev.earshot.simulator.scenario.Fault.Frequency;
import dev.earshot.simulator.scenario.Fault.Kind;
import dev.earshot.simulator.scenario.Regression;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Truth;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** Whatever goes wrong at once, from any seed: the books balance, and nobody is nowhere. */
class AnyFaultsTest {
  private static final TestRelease ONE = TestRelease.of("test:1.0.0", 1, 2, .1);
  private static final TestRelease TWO = TestRelease.of("test:1.1.0", 2, 1, .1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int DEVICES = 6;

  /** Where a device may be when the world has stopped. */
  private static final Set<Whereabouts> DEFINED =
      EnumSet.of(
          Whereabouts.ON,
          Whereabouts.SILENT,
          Whereabouts.LEAVING,
          Whereabouts.AWAY,
          Whereabouts.DARK,
          Whereabouts.BRICKED);

  @Provide
  Arbitrary<List<Fault>> faults() {
    return fault().list().ofMinSize(1).ofMaxSize(8);
  }

  private static Arbitrary<Fault> fault() {
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.integers().between(0, 20),
            Arbitraries.integers().between(1, 20))
        .as(
            (kind, rate, from, length) ->
                new Fault(
                    kind,
                    kind.frequency() == Frequency.PER_DAY ? rate * 20 : rate * rate,
                    kind.amount().usual(),
                    HOUR.multipliedBy(from),
                    HOUR.multipliedBy(from + length),
                    Set.of()));
  }

  @Provide
  Arbitrary<List<Regression>> regressions() {
    return Arbitraries.of(Regression.Metric.class)
        .map(
            metric ->
                new Regression(
                    TWO.signed().manifest().release(),
                    metric,
                    metric == Regression.Metric.SILENCE ? .5 : 3,
                    Set.of()))
        .list()
        .ofMaxSize(2);
  }

  @Property(tries = 40)
  void anyFaults_leaveTheLedgerBalanced_andEveryDeviceSomewhereDefined(
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed,
      @ForAll("faults") List<Fault> faults,
      @ForAll("regressions") List<Regression> regressions)
      throws IOException {
    DeviceGroup all = DeviceGroup.standard(DEVICES);
    DeviceGroup lively =
        new DeviceGroup(
            "all",
            DEVICES,
            all.mix(),
            all.fidelity(),
            all.battery(),
            new Churn(2, HOUR),
            List.of(
                new Move(Environment.QUIET, Environment.CAR, 6, HOUR),
                new Move(Environment.KITCHEN, Environment.QUIET, 6, HOUR)));
    VirtualFleet fleet =
        new VirtualFleet(
            Scenario.standard(DEVICES, ONE.signed().manifest().release())
                .withSeed(seed)
                .withGroups(List.of(lively))
                .withFaults(faults)
                .withRegressions(regressions),
            ONE,
            TWO);
    fleet.loop.run(HOUR.multipliedBy(8));
    fleet.tellAll(TWO, TWO.installCommand("command-1", "http://registry", 3600));
    fleet.loop.run(HOUR.multipliedBy(16));
    fleet.finish();

    assertTrue(fleet.devices.stream().allMatch(SimulatedDevice::drained), "all is told");
    fleet.devices.forEach(
        it -> assertTrue(DEFINED.contains(it.whereabouts()), it.whereabouts()::toString));
    Truth truth = fleet.services.ledger().snapshot();
    Map<Truth.Key, Counts> sum = new HashMap<>(truth.acknowledged());
    fleet
        .services
        .ledger()
        .destroyed()
        .forEach((key, counts) -> sum.merge(key, counts, Counts::plus));
    assertEquals(truth.happened(), sum, "happened = acknowledged + destroyed");
    requireBetween(truth.totalAcknowledged(), fleet.received(), truth.totalHappened());
  }

  /** What arrived is at least what was acknowledged, and at most what happened. */
  private static void requireBetween(
      Counts acknowledged, Map<Truth.Key, Counts> received, Counts happened) {
    Counts arrived = received.values().stream().reduce(Counts.NONE, Counts::plus);
    assertTrue(acknowledged.listeningMillis() <= arrived.listeningMillis());
    assertTrue(arrived.listeningMillis() <= happened.listeningMillis());
    assertTrue(acknowledged.falseAccepts() <= arrived.falseAccepts());
    assertTrue(arrived.falseAccepts() <= happened.falseAccepts());
  }
}
