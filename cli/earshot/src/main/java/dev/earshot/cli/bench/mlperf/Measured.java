package dev.earshot.cli.bench.mlperf;

import java.util.Optional;

/**
 * All that is known of one model.
 *
 * @param candidate the model
 * @param quality how well it does its task
 * @param reference its outputs beside those of TensorFlow Lite
 * @param latency on this machine
 * @param chip on the modelled chip
 */
record Measured(
    Candidate candidate,
    Quality quality,
    Optional<ReferenceRows> reference,
    Latency latency,
    ChipCost chip) {
  long macs() {
    return candidate.model().summary().macs();
  }

  /** Whether something is not as it should be; what can't be decided is no failure. */
  boolean failed() {
    return quality.verdict() == Verdict.MISSED
        || reference.map(rows -> !rows.allEqual()).orElse(false);
  }
}
