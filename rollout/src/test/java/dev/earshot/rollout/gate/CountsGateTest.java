package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountsGateTest {
  private static final CountsSettings HARM = CountsSettings.harm();

  private static List<Device> threeEnvironments(long seed, double ratio, double hours) {
    Fleet fleet =
        new Fleet(seed)
            .add("kitchen", true, 60, 0.3, ratio)
            .add("kitchen", false, 90, 0.3, 1)
            .add("car", true, 40, 0.6, ratio)
            .add("car", false, 30, 0.6, 1)
            .add("stadium", true, 12, 1, ratio)
            .add("stadium", false, 45, 1, 1);
    fleet.advance(hours);
    return fleet.devices();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.25, 2})
  void everyNumber_agreesWithAComputationDeviceByDevice(double theta0) {
    List<Device> devices = threeEnvironments(7, 1.3, 20);
    CountsSettings settings = new CountsSettings(theta0, 1.5, 0.4);
    NaiveCounts naive = new NaiveCounts(devices, theta0, 1.5);

    CountsEvaluation evaluation = CountsGate.evaluate(devices, settings);

    assertScore(naive.pooledWithoutFloor.floored(), evaluation.pooled(), settings);
    assertEquals(3, evaluation.strata().size());
    naive.strata.forEach(
        (name, score) -> assertScore(score.floored(), evaluation.stratum(name), settings));
    assertFalse(evaluation.stratum("stadium").guard(), "12 devices are too few for a stratum");
    double mean = 0;
    for (Evidence stratum : evaluation.strata().values()) {
      mean += Math.exp(stratum.guardedLogE()) / 3;
    }
    assertEquals(
        Math.log(0.5 * Math.exp(evaluation.pooled().logE()) + 0.5 * mean),
        evaluation.combinedLogE(),
        1e-12);
  }

  private static void assertScore(
      NaiveCounts.Score expected, Evidence actual, CountsSettings settings) {
    double tolerance = 1e-12;
    assertEquals(expected.u(), actual.u(), tolerance * expected.a());
    assertEquals(expected.a(), actual.a(), tolerance * expected.a());
    assertEquals(expected.v(), actual.v(), tolerance * expected.v());
    assertEquals(expected.s(), actual.s(), tolerance * expected.a());
    assertEquals(expected.j(), actual.j(), tolerance * expected.j());
    assertEquals(expected.u() / expected.a(), actual.psi(), tolerance);
    assertEquals(expected.u() / Math.sqrt(expected.v()), actual.z(), 1e-11);
    double direction = settings.theta0() > 1 ? -1 : 1;
    assertEquals(
        new NormalMixture(settings.tau()).logE(direction * expected.s(), expected.j()),
        actual.logE(),
        1e-11);
  }

  @Property(tries = 50)
  void permutedDevices_giveTheSameEvidenceToTheLastBit(@ForAll long seed) {
    List<Device> devices = threeEnvironments(11, 1.4, 9);
    List<Device> permuted = new ArrayList<>(devices);
    Collections.shuffle(permuted, new Random(seed));

    CountsEvaluation evaluation = CountsGate.evaluate(permuted, HARM);

    assertEquals(CountsGate.evaluate(devices, HARM), evaluation);
  }

  @Property(tries = 30)
  void partitions_giveWhatOneMachineGives(@ForAll long seed) {
    List<Device> devices = threeEnvironments(13, 1.2, 12);
    Random random = new Random(seed);
    List<List<Device>> partitions =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    devices.forEach(device -> partitions.get(random.nextInt(3)).add(device));

    Map<String, RateSums> rates = new TreeMap<>();
    for (List<Device> partition : partitions) {
      for (Device device : partition) {
        rates.merge(device.stratum(), RateSums.of(List.of(device.counts())), RateSums::plus);
      }
    }
    Map<String, TwoArms> arms = new TreeMap<>();
    for (List<Device> partition : partitions) {
      rates.forEach(
          (stratum, sums) ->
              arms.merge(
                  stratum,
                  new TwoArms(
                      partial(partition, stratum, true, sums),
                      partial(partition, stratum, false, sums)),
                  TwoArms::plus));
    }
    CountsEvaluation distributed = CountsGate.evaluate(arms, BlockTotals.NONE, HARM);

    CountsEvaluation whole = CountsGate.evaluate(devices, HARM);
    assertEquals(whole.pooled().j(), distributed.pooled().j(), 1e-12 * whole.pooled().j());
    assertEquals(whole.combinedLogE(), distributed.combinedLogE(), 1e-12);
  }

  private static ArmSums partial(
      List<Device> devices, String stratum, boolean treated, RateSums rates) {
    return ArmSums.of(
        devices.stream()
            .filter(d -> d.stratum().equals(stratum) && d.treated() == treated)
            .map(Device::counts)
            .toList(),
        treated,
        rates.rates(List.of()),
        HARM);
  }

  @Test
  void nothingHappenedYet_isNoEvidence() {
    CountsEvaluation evaluation = CountsGate.evaluate(List.of(), Set.of("car"), HARM);

    assertEquals(0, evaluation.combinedLogE());
    assertEquals(Set.of("car"), evaluation.strata().keySet());
    assertTrue(Double.isNaN(evaluation.pooled().psi()));
    assertEquals(Interval.UNKNOWN, evaluation.logRateRatio(evaluation.pooled(), 0.05));
  }

  @Test
  void armWithoutDevices_comparesNothing() {
    Fleet fleet = new Fleet(1).add("car", true, 100, 1, 5);
    fleet.advance(10);

    assertEquals(0, CountsGate.evaluate(fleet.devices(), HARM).combinedLogE());
  }

  @Test
  void littleInformation_countsForNothingHoweverStriking() {
    Fleet fleet = new Fleet(3).add("car", true, 25, 0.3, 40).add("car", false, 25, 0.3, 1);
    fleet.advance(0.15);

    Evidence pooled = CountsGate.evaluate(fleet.devices(), HARM).pooled();

    assertTrue(pooled.a() < 8, () -> "A = " + pooled.a());
    assertTrue(pooled.logE() > 0, () -> "ln e = " + pooled.logE());
    assertFalse(pooled.guard());
    assertEquals(0, pooled.guardedLogE());
  }

  @Test
  void emptyStratum_takesItsPartOfTheMean() {
    List<Device> devices = threeEnvironments(17, 2, 30);

    double three = CountsGate.evaluate(devices, HARM).combinedLogE();
    double four = CountsGate.evaluate(devices, Set.of("factory"), HARM).combinedLogE();

    assertTrue(four < three);
  }

  @Test
  void harmInOneEnvironment_isFoundAlthoughTheFleetLooksFine() {
    Fleet fleet =
        new Fleet(23)
            .add("car", true, 150, 0.15, 1.8)
            .add("car", false, 150, 0.15, 1)
            .add("kitchen", true, 800, 0.6, 1)
            .add("kitchen", false, 800, 0.6, 1);
    fleet.advance(48);
    double alpha = AlphaBudget.DEFAULT.alpha(Metric.FALSE_ACCEPTS);

    CountsEvaluation evaluation = CountsGate.evaluate(fleet.devices(), HARM);

    assertTrue(evaluation.stratum("car").logE() > evaluation.pooled().guardedLogE());
    Verdict verdict = Decisions.harm(evaluation, 0, alpha);
    assertEquals(Verdict.Harm.class, verdict.getClass());
    assertEquals("counts", verdict.test());
    assertEquals(Math.log(1 / 0.0032), verdict.logThreshold(), 1e-12);
    Interval car = evaluation.logRateRatio(evaluation.stratum("car"), 0.05).exp();
    assertTrue(car.contains(1.8) && car.low() > 1, car::toString);
  }

  @Test
  void equallyGoodRelease_isShownNonInferiorAndPredictedBefore() {
    Fleet fleet =
        new Fleet(29).add("kitchen", true, 800, 0.4, 1).add("kitchen", false, 800, 0.4, 1);
    fleet.advance(0.2);
    CountsSettings settings = CountsSettings.nonInferiority(0.25);

    Verdict early = Decisions.promotion(CountsGate.evaluate(fleet.devices(), settings), 0.05);
    fleet.advance(11.8);
    CountsEvaluation late = CountsGate.evaluate(fleet.devices(), settings);

    double missing = ((Verdict.Undecided) early).missingTreatedExposureHours().orElseThrow();
    assertTrue(missing > 50 && missing < 5000, () -> "missing " + missing);
    assertEquals(Verdict.NonInferior.class, Decisions.promotion(late, 0.05).getClass());
    Interval ratio = late.logRateRatio(late.pooled(), 0.05).exp();
    assertTrue(ratio.contains(1), ratio::toString);
  }

  @Test
  void goodEnvironment_cannotVouchForABadOne() {
    Fleet fleet =
        new Fleet(31)
            .add("kitchen", true, 600, 0.6, 1)
            .add("kitchen", false, 600, 0.6, 1)
            .add("car", true, 600, 0.6, 3)
            .add("car", false, 600, 0.6, 1);
    fleet.advance(24);

    CountsEvaluation evaluation =
        CountsGate.evaluate(fleet.devices(), CountsSettings.nonInferiority(0.25));

    assertTrue(evaluation.stratum("kitchen").logE() > 10);
    assertEquals(Verdict.Undecided.class, Decisions.promotion(evaluation, 0.05).getClass());
  }

  @Test
  void thresholdQuestionMixedUp_isRefused() {
    CountsEvaluation harm = CountsGate.evaluate(List.of(), HARM);

    var thrown =
        assertThrows(IllegalArgumentException.class, () -> Decisions.promotion(harm, 0.05));

    assertEquals("theta0: 1.0 (expected: 1 + margin, above 1)", thrown.getMessage());
  }
}
