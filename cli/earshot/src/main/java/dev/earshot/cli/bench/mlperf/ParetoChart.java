package dev.earshot.cli.bench.mlperf;

import dev.earshot.cli.bench.plot.Dot;
import dev.earshot.cli.bench.plot.ParetoPlot;
import dev.earshot.cli.bench.plot.Symbol;
import dev.earshot.ndp.chip.Estimate;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Accuracy, modelled energy and latency of all models. */
final class ParetoChart {
  private ParetoChart() {}

  static ParetoPlot of(List<Measured> models) {
    return new ParetoPlot(
        "MLPerf Tiny: accuracy, energy and latency of " + models.size() + " models",
        "Higher is better, further left is better. Only models of the same task compare; pale: another"
            + " one of the task beats it.",
        "top-1 accuracy, area under the curve, or words heard, %",
        List.of(
            "modelled energy of an inference on "
                + models.getFirst().chip().thrifty().name()
                + ", \u00b5J",
            "median latency of an inference on this machine, ms"),
        models.stream().map(ParetoChart::dot).toList(),
        List.of(
            "Energy: "
                + models.getFirst().chip().thrifty().microjoules().basis()
                + "; its error bars are shown where wider than a symbol.",
            "Latency: wall time, single stream, one thread, warmed. Releases: from their own"
                + " evaluation, which also has false accepts."));
  }

  private static Dot dot(Measured model) {
    Estimate energy = model.chip().thrifty().microjoules();
    OptionalDouble share = model.quality().share();
    return new Dot(
        model.candidate().purpose(),
        symbol(model.candidate()),
        model.candidate().name(),
        share.isPresent() ? OptionalDouble.of(100 * share.getAsDouble()) : share,
        List.of(
            new Dot.Cost(energy.value(), energy.low(), energy.high()),
            Dot.Cost.exact(model.latency().medianMicros() / 1000)));
  }

  private static Symbol symbol(Candidate candidate) {
    @Nullable Task task = candidate.task();
    if (task == null) {
      return candidate.evaluation() == null ? Symbol.HEXAGON : Symbol.PENTAGON;
    }
    return switch (task) {
      case KEYWORD_SPOTTING -> Symbol.CIRCLE;
      case VISUAL_WAKE_WORDS -> Symbol.SQUARE;
      case IMAGE_CLASSIFICATION -> Symbol.TRIANGLE;
      case ANOMALY_DETECTION -> Symbol.DIAMOND;
      case STREAMING_WAKE_WORD -> Symbol.POINTING_DOWN;
    };
  }
}
