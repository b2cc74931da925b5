package dev.earshot.cli.model.inspect;

import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.EnergyModel;
import dev.earshot.ndp.chip.Estimate;
import dev.earshot.ndp.chip.Fit;
import dev.earshot.ndp.chip.OperatingPoint;
import dev.earshot.ndp.chip.PublishedResult;
import dev.earshot.ndp.chip.Workload;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is to be said of a model and one chip.
 *
 * @param chip the chip
 * @param fit whether it can run the model
 * @param inferences single inferences, at each operating point; empty when it does not fit
 * @param listening how it listens; empty when it does not fit, or can't keep up with the rate
 */
record ChipAnswer(
    ChipProfile chip, Fit fit, List<Single> inferences, Optional<Listening> listening) {

  /**
   * A single inference.
   *
   * @param where system and operating point
   * @param microjoules its energy
   * @param millis its latency
   * @param published what was measured there for a model of exactly this much work
   */
  record Single(
      String where, Estimate microjoules, Estimate millis, Optional<PublishedResult> published) {
    static Single of(OperatingPoint point, Workload work) {
      return new Single(
          point.name(), point.microjoules(work), point.millis(work), point.published(work));
    }
  }

  /**
   * Listening.
   *
   * @param milliwatts without pause
   * @param averageMilliwatts for the share of the time that it listens
   * @param days of battery at that power, for the chip alone
   * @param computingShare of the time that it listens; empty where nobody knows
   */
  record Listening(
      Estimate milliwatts,
      Estimate averageMilliwatts,
      Estimate days,
      OptionalDouble computingShare) {}

  static List<ChipAnswer> all(NdpModel model, Use use) {
    return ChipProfile.all().stream().map(chip -> of(model, chip, use)).toList();
  }

  /** Other systems that published the same tasks, for comparison. */
  static List<Single> others(NdpModel model) {
    Workload work = Workload.of(model.summary());
    return OperatingPoint.all().stream()
        .filter(
            point ->
                ChipProfile.all().stream().noneMatch(chip -> chip.name().equals(point.system())))
        .map(point -> Single.of(point, work))
        .toList();
  }

  private static ChipAnswer of(NdpModel model, ChipProfile chip, Use use) {
    Fit fit = Fit.of(model, chip);
    return switch (fit) {
      case Fit.Exceeds ignored -> new ChipAnswer(chip, fit, List.of(), Optional.empty());
      case Fit.Fits ignored -> {
        Workload work = Workload.of(model.summary());
        EnergyModel energy = EnergyModel.of(chip);
        List<Single> inferences =
            energy.operatingPoints().isEmpty()
                ? List.of(
                    new Single(
                        chip.name(),
                        energy.inferenceMicrojoules(work),
                        energy.inferenceMillis(work),
                        Optional.empty()))
                : energy.operatingPoints().stream().map(point -> Single.of(point, work)).toList();
        yield new ChipAnswer(chip, fit, inferences, listening(energy, work, use));
      }
    };
  }

  private static Optional<Listening> listening(EnergyModel energy, Workload work, Use use) {
    double rate = use.inferencesPerSecond();
    OptionalDouble computing = energy.computingShare(work, rate);
    if (computing.isPresent() && computing.getAsDouble() > 1) {
      return Optional.empty();
    }
    Estimate average = energy.averageMilliwatts(work, rate, use.listeningShare());
    return Optional.of(
        new Listening(
            energy.listeningMilliwatts(work, rate, rate),
            average,
            use.cell().days(average),
            computing));
  }
}
