package dev.earshot.registry.release;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.earshot.ndp.ModelSummary;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.EnergyModel;
import dev.earshot.ndp.chip.Estimate;
import dev.earshot.ndp.chip.PublishedResult;
import dev.earshot.ndp.chip.Workload;
import dev.earshot.ndp.frontend.NamedFrontEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a model costs on a chip, by the engine's energy model: a model, not a measurement.
 *
 * @param chip such as {@code ndp120}
 * @param inferenceMicrojoules energy of a single inference
 * @param inferenceMillis its latency
 * @param listeningMilliwatts average power of listening without pause, an inference for each frame
 *     of the front end
 * @param mlperfTiny what was published for this chip and a network of exactly this many
 *     multiply-accumulates: empty unless it is one of MLPerf Tiny's own
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ChipView(
    String chip,
    Figure inferenceMicrojoules,
    Figure inferenceMillis,
    Figure listeningMilliwatts,
    List<Published> mlperfTiny) {

  /**
   * A figure from the model.
   *
   * @param value in the unit that its field names
   * @param relativeError the longer half of the error bar as a share of the value
   * @param basis what it rests on
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Figure(double value, double relativeError, String basis) {
    private static Figure of(Estimate estimate) {
      return new Figure(estimate.value(), estimate.relativeError(), estimate.basis());
    }
  }

  /** A published MLPerf Tiny v1.0 result of the chip. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Published(
      String task, String operatingPoint, double inferenceMillis, double inferenceMicrojoules) {}

  public ChipView {
    mlperfTiny = List.copyOf(mlperfTiny);
  }

  /** Empty for a chip or a front end that this registry does not know. */
  static Optional<ChipView> of(String chip, String frontEnd, ModelSummary model) {
    return NamedFrontEnd.find(frontEnd)
        .flatMap(
            named ->
                ChipProfile.byId(chip)
                    .map(profile -> of(profile, 1e6 / named.parameters().hopMicros(), model)));
  }

  private static ChipView of(ChipProfile chip, double inferencesPerSecond, ModelSummary model) {
    EnergyModel energy = EnergyModel.of(chip);
    Workload work = Workload.of(model);
    List<Published> published = new ArrayList<>();
    if (chip.equals(ChipProfile.NDP120)) {
      add(published, PublishedResult.NDP120_900_MILLIVOLTS, "0.9 V, 30.7 MHz", model);
      add(published, PublishedResult.NDP120_1100_MILLIVOLTS, "1.1 V, 98.7 MHz", model);
    }
    return new ChipView(
        chip.id(),
        Figure.of(energy.inferenceMicrojoules(work)),
        Figure.of(energy.inferenceMillis(work)),
        Figure.of(energy.listeningMilliwatts(work, inferencesPerSecond)),
        published);
  }

  private static void add(
      List<Published> published,
      List<PublishedResult> results,
      String operatingPoint,
      ModelSummary model) {
    results.stream()
        .filter(result -> result.macs() == model.macs())
        .map(
            result ->
                new Published(result.task(), operatingPoint, result.millis(), result.microjoules()))
        .forEach(published::add);
  }
}
