package dev.earshot.cli.bench.mlperf;

import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.EnergyModel;
import dev.earshot.ndp.chip.Estimate;
import dev.earshot.ndp.chip.PublishedResult;
import java.util.List;
import java.util.Optional;

/**
 * What one inference of a model would take on the modelled chip, and what was published for the
 * same model there.
 *
 * @param millis modelled latency
 * @param microjoules modelled energy
 * @param listeningMilliwatts modelled average power while listening without pause, where the task
 *     is to listen
 * @param published latency and energy that were measured on the chip with this very model
 */
record ChipCost(
    Estimate millis,
    Estimate microjoules,
    Optional<Estimate> listeningMilliwatts,
    Optional<PublishedResult> published) {
  private static final ChipProfile CHIP = ChipProfile.NDP120;
  private static final double STREAMING_INFERENCES_PER_SECOND = 31.25;

  /** Where the modelled chip runs for a single inference. */
  static final String POINT = CHIP.name() + ", 0.9 V, 30.7 MHz";

  /** Where a listening chip's power was published. */
  static final String LISTENING_POINT = CHIP.name() + ", 1.0 V, 49 MHz";

  static ChipCost of(NdpModel model, boolean listens) {
    long macs = model.summary().macs();
    EnergyModel energy = EnergyModel.of(CHIP);
    return new ChipCost(
        energy.inferenceMillis(macs),
        energy.inferenceMicrojoules(macs),
        listens
            ? Optional.of(energy.listeningMilliwatts(macs, STREAMING_INFERENCES_PER_SECOND))
            : Optional.empty(),
        published(PublishedResult.NDP120_900_MILLIVOLTS, macs));
  }

  private static Optional<PublishedResult> published(List<PublishedResult> results, long macs) {
    return results.stream().filter(result -> result.macs() == macs).findFirst();
  }
}
