package dev.earshot.ndp.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.MlperfTiny;
import dev.earshot.ndp.NdpModel;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EnergyModelTest {
  private static final EnergyModel NDP120 = EnergyModel.of(ChipProfile.NDP120);
  private static final EnergyModel NDP101 = EnergyModel.of(ChipProfile.NDP101);
  private static final Workload STREAMING = new Workload(826_368, 46_883);

  private static List<OperatingPoint> operatingPoints() {
    return OperatingPoint.all();
  }

  @ParameterizedTest
  @CsvSource({
    "kws_ref_model, keyword spotting",
    "pretrainedResnet_quant, image classification",
    "vww_96_int8, visual wake words",
    "ad01_int8, anomaly detection"
  })
  void workOfPublishedTasks_isThatOfTheReferenceModels(String file, String task)
      throws IOException {
    Workload work = Workload.of(NdpModel.parse(MlperfTiny.model(file)).summary());
    for (PublishedResult result : PublishedResult.ALL) {
      if (result.task().equals(task)) {
        assertEquals(result.work(), work, result.operatingPoint());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operatingPoints")
  void everyPublishedPoint_liesWithinTheErrorBar(OperatingPoint point) {
    for (PublishedResult result : point.results()) {
      Estimate energy = point.microjoules(result.work());
      Estimate latency = point.millis(result.work());
      assertTrue(energy.covers(result.microjoules()), () -> result + " " + energy);
      assertTrue(latency.covers(result.millis()), () -> result + " " + latency);
    }
  }

  @Test
  void lineWithoutACostOfWeights_isTheKnownOne() {
    CostFit low =
        CostFit.of(PublishedResult.NDP120_900_MILLIVOLTS, PublishedResult::microjoules, 0);
    assertEquals(12.0, low.fixed(), 0.01);
    assertEquals(7.48e-6, low.perMac(), 0.01e-6);
    CostFit high =
        CostFit.of(PublishedResult.NDP120_1100_MILLIVOLTS, PublishedResult::microjoules, 0);
    assertEquals(17.4, high.fixed(), 0.05);
    assertEquals(10.1e-6, high.perMac(), 0.01e-6);
  }

  @Test
  void weightsFromElsewhere_predictWhatWasLeftOutBetterThanNone() {
    CostFit given = OperatingPoint.of("Syntiant NDP120").getFirst().energyFit();
    CostFit none = given.with(0);
    for (int i = 0; i < 3; i++) {
      assertTrue(
          Math.abs(given.leftOutResiduals().get(i)) < Math.abs(none.leftOutResiduals().get(i)));
      assertTrue(Math.abs(given.residuals().get(i)) < Math.abs(none.residuals().get(i)));
    }
  }

  /** Three results determine three costs: nothing is left over to judge them by. */
  @Test
  void weightsSolvedFromThreeResults_leaveNoResidual() {
    for (OperatingPoint point : OperatingPoint.of("Syntiant NDP120")) {
      for (CostFit fit : List.of(point.energyFit().solved(), point.latencyFit().solved())) {
        fit.residuals().forEach(residual -> assertEquals(0, residual, 1e-9));
      }
    }
    CostFit solved = OperatingPoint.of("Syntiant NDP120").getFirst().energyFit().solved();
    assertEquals(35.3e-6, solved.perWeight(), 0.1e-6);
  }

  /** Where there are four results, their best cost of a weight is below zero: not identifiable. */
  @Test
  void weightsOfMicrocontrollers_canNotBeToldApart() {
    for (String system : List.of("STM32L4R5", "STM32U575", "STM32U385")) {
      CostFit fit = OperatingPoint.of(system).getFirst().energyFit();
      assertEquals(0, fit.perWeight());
      assertTrue(fit.solved().perWeight() < 0, system);
    }
  }

  @Test
  void errorBar_growsAwayFromWhatWasPublished() {
    double near = NDP120.inferenceMicrojoules(new Workload(7_000_000, 100_000)).relativeError();
    double small = NDP120.inferenceMicrojoules(new Workload(100_000, 10_000)).relativeError();
    double dense = NDP120.inferenceMicrojoules(new Workload(264_192, 265_864)).relativeError();
    assertTrue(near < small, near + " " + small);
    assertTrue(small < dense, small + " " + dense);
  }

  @Test
  void listening_costsWhatWasPublishedForThatModel() {
    assertEquals(0.507, NDP120.listeningMilliwatts(STREAMING, 31.25).value(), 1e-9);
    // An hour of listening, counted in inferences, is the same power.
    assertEquals(
        0.507 * 3_600_000,
        NDP120.listeningMicrojoules(STREAMING, (long) (3600 * 31.25), 3_600_000),
        1e-3);
    assertEquals(0.2535, NDP120.averageMilliwatts(STREAMING, 31.25, 0.5).value(), 1e-9);
    assertTrue(NDP120.listeningMilliwatts(new Workload(0, 0), 0).value() > 0.2);
  }

  /** The published duty of 2.18 % was not used for anything: it is a check. */
  @Test
  void computingShareOfTheStreamingModel_isNearThePublishedDuty() {
    assertEquals(0.0218, NDP120.computingShare(STREAMING, 31.25).orElseThrow(), 0.0008);
    assertTrue(NDP101.computingShare(STREAMING, 31.25).isEmpty());
  }

  @Test
  void otherFrameRate_widensTheErrorBarBecauseIdleAndFramesAreOneFigure() {
    Estimate same = NDP120.listeningMilliwatts(STREAMING, 31.25, 31.25);
    Estimate twice = NDP120.listeningMilliwatts(STREAMING, 62.5, 31.25);
    assertTrue(twice.value() > same.value());
    assertTrue(twice.relativeError() > same.relativeError());
    assertTrue(twice.low() <= same.value(), twice::toString);
  }

  @Test
  void deviceThatIsMostlyOff_mayStillIdle() {
    Estimate off = NDP120.averageMilliwatts(STREAMING, 31.25, 0);
    assertEquals(0, off.value());
    assertEquals(NDP120.mostIdleMilliwatts(), off.high());
    assertTrue(off.high() > 0.2 && off.high() < 0.507, off::toString);
  }

  @Test
  void ndp101_isAlwaysOnAt140MicrowattsWhateverTheNetwork() {
    Workload full = new Workload(557_056, 557_888);
    assertEquals(0.140, NDP101.listeningMilliwatts(full, 41.7).value());
    assertEquals(0.140, NDP101.listeningMilliwatts(full, 41.7).low());
    assertEquals(3.36, NDP101.inferenceMicrojoules(full).value(), 1e-9);
    Estimate small = NDP101.listeningMilliwatts(new Workload(5_570, 5_570), 41.7);
    assertEquals(0.140, small.value());
    assertEquals(0.0014, small.low(), 1e-4);
    assertEquals(0.200, small.high());
  }

  @Test
  void everyParameter_saysWhereItComesFrom() {
    for (EnergyModel energy : List.of(NDP101, NDP120)) {
      for (Parameter parameter : energy.parameters()) {
        assertFalse(parameter.remark().isBlank(), parameter::toString);
        assertTrue(parameter.value() > 0, parameter::toString);
      }
      Estimate power = energy.listeningMilliwatts(STREAMING, 31.25);
      assertTrue(power.basis().startsWith("model, not a measurement"), power.basis());
    }
  }

  @Test
  void dutyOutOfRange_isRefused() {
    assertEquals(
        "listeningShare: 1.5 (expected: 0 to 1)",
        assertThrows(
                IllegalArgumentException.class, () -> NDP120.averageMilliwatts(STREAMING, 1, 1.5))
            .getMessage());
  }
}
