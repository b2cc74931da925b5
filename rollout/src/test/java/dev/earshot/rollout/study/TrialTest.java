package dev.earshot.rollout.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The study itself: repeatable, and right where the answer is plain. */
class TrialTest {
  private static final Workers WORKERS = new Workers(2, line -> {});

  @Test
  void trial_isRepeatableWhateverTheThreadsAndSeesGrossHarmEarly() {
    List<Rule.Named> rules = List.of(OurRules.harm(0.01), OurRules.firstEvents(0.01));

    List<Outcome> once = new Trial(11, 3, WORKERS).run(Scenario.standard(3), rules);

    Workers alone = new Workers(1, line -> {});
    assertEquals(once, new Trial(11, 3, alone).run(Scenario.standard(3), rules));
    for (Outcome outcome : once) {
      assertEquals(1, outcome.share());
      assertTrue(outcome.medianHours() < 0.5, outcome::toString);
      // 1,000 devices listen 0.7 of the time.
      assertEquals(700, outcome.medianDeviceHours() / outcome.medianHours(), 20);
    }
  }

  @Test
  void undecidedRollouts_countAsLongerThanAny() {
    double never = Double.POSITIVE_INFINITY;

    Outcome most = Outcome.of("rule", new double[] {never, 1, 3}, new double[] {never, 10, 30});
    Outcome few = Outcome.of("rule", new double[] {never, 1, never}, new double[] {0, 0, 0});

    assertEquals(new Outcome("rule", 3, 2, 3, 30), most);
    assertTrue(Double.isNaN(few.medianHours()));
  }

  @Test
  void totals_areThoseOfTheDevices() {
    SimulatedRollout rollout = new SimulatedRollout(Scenario.standard(2), 8);
    ArmTotals treated = new ArmTotals(rollout, true);
    for (int minute : new int[] {40, 41, 300}) {
      rollout.advanceTo(minute);
      treated.update();
    }
    int[] devices = IntStream.range(0, rollout.devices()).filter(rollout::treated).toArray();
    double count = IntStream.of(devices).mapToDouble(rollout::count).sum();
    double hours = IntStream.of(devices).mapToDouble(rollout::exposureHours).sum();
    double rate = count / hours;
    double squares = 0;
    for (int device : devices) {
      double residual = rollout.count(device) - rate * rollout.exposureHours(device);
      squares += residual * residual;
    }

    assertEquals(count, treated.count());
    assertEquals(rate, treated.rate(), 1e-12 * rate);
    assertEquals(rate / hours, treated.poissonVariance(), 1e-12 * rate / hours);
    double variance = squares * devices.length / (devices.length - 1) / (hours * hours);
    assertEquals(variance, treated.ratioVariance(), 1e-9 * variance);
  }

  @Test
  void powerTrial_findsTwentyPercentAndNotNothing() {
    PowerTrial trial = new PowerTrial(1, 10, 200, WORKERS);
    List<PowerRules.Named> gate = List.of(PowerRules.gate(0.001));

    assertEquals(0, trial.run(1, gate).getFirst().decided());
    assertEquals(10, trial.run(1.2, gate).getFirst().decided());
  }

  @Test
  void ramp_stopsGrossHarmInTheFirstStageAndLetsAGoodReleaseThrough() {
    RampTrial trial = new RampTrial(5, WORKERS);

    RampTrial.Result bad = trial.run(4, 1).getFirst();
    RampTrial.Result good = trial.run(1, 1).getFirst();

    assertEquals(RampTrial.End.STOPPED, bad.end());
    assertEquals(1, bad.stage());
    assertTrue(bad.hours() < 1, bad::toString);
    assertEquals(RampTrial.End.FINISHED, good.end());
    assertEquals(4, good.stage());
    assertTrue(good.hours() >= 66, good::toString);
  }

  @Test
  void limitOfFalseAlarms_isTheIssuesAtTwoThousandAndScalesWithChance() {
    assertEquals(28, GateStudy.mostFalseAlarms(2000));
    assertEquals(0, GateStudy.mostFalseAlarms(0));
    assertEquals(6, GateStudy.mostFalseAlarms(300));
    assertEquals(225, GateStudy.mostFalseAlarms(20_000));
  }

  @Test
  void study_printsEachTargetBesideItsFigure() {
    List<String> lines = new ArrayList<>();

    List<String> missed =
        new GateStudy(2, 4, EnumSet.of(GateStudy.Section.CAR), WORKERS).run(lines::add);

    assertEquals(List.of(), missed);
    assertTrue(lines.get(0).contains("4 rollouts of each scenario"), lines::toString);
    assertTrue(lines.get(0).contains("seed 2"), lines::toString);
    assertEquals(2, lines.stream().filter(line -> line.contains("reached]")).count());
  }

  @Test
  void missedTarget_isReported() {
    List<String> lines = new ArrayList<>();
    Report report = new Report(lines::add);

    report.figure("false alarms", "30 of 2,000", "at most 28", false);

    assertTrue(
        lines.get(0).endsWith("30 of 2,000   [target: at most 28, MISSED]"), lines::toString);
    assertEquals(List.of("false alarms (target: at most 28)"), report.missed());
  }

  @Test
  void failingRollout_endsTheStudy() {
    var thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                WORKERS.map(
                    "test",
                    50,
                    i -> {
                      if (i == 33) {
                        throw new IllegalArgumentException("broken");
                      }
                      return i;
                    }));

    Throwable cause = assertInstanceOf(IllegalArgumentException.class, thrown.getCause());
    assertEquals("broken", cause.getMessage());
  }
}
