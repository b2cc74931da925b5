package dev.earshot.cli.bench.mlperf;

import dev.earshot.cli.Terminal;
import java.util.ArrayList;
import java.util.List;

/** What must be said beside a model's row, so that nobody reads more into it than there is. */
final class MlperfNotes {
  private MlperfNotes() {}

  static List<String> of(Measured model) {
    String name = model.candidate().name();
    List<String> notes = new ArrayList<>();
    switch (model.quality()) {
      case Quality.TopOne top -> {
        if (top.verdict() == Verdict.UNDECIDED) {
          notes.add(
              "%s: the target is for the benchmark's %d inputs; %d are given."
                  .formatted(name, top.evaluationInputs(), top.total()));
        }
        model
            .reference()
            .filter(rows -> rows.right() > 0)
            .ifPresent(
                rows ->
                    notes.add(
                        "%s: TensorFlow Lite's reference is right on %d, this engine on %d."
                            .formatted(name, rows.right(), top.right())));
      }
      case Quality.Curve curve ->
          notes.add(
              "AUC: over all files, as the runner computes it; behind it the mean of the machines'"
                  + " own, as the training scripts do.");
      case Quality.Wakes wakes -> {
        notes.add(
            "TP/FN/FP: true positives, false negatives, false positives; first by the rule of the"
                + " evaluation script (a word is heard until 0.5 s after it), then by the runner's"
                + " (2 s).");
        if (wakes.recordings().stream().noneMatch(WakeCounts::isWholeBenchmark)) {
          double seconds = wakes.recordings().stream().mapToDouble(WakeCounts::seconds).sum();
          notes.add(
              "%s: %s s of audio can't decide a target that is for 20 minutes."
                  .formatted(name, Terminal.number(seconds, 0)));
        }
      }
      case Quality.Evaluated release ->
          notes.add(
              "Releases: from their own evaluation over all environments, which is not run here.");
      case Quality.Unknown unknown -> {
        if (model.candidate().task() == null) {
          notes.add(
              "%s: no task has %s -> %s (expected elements: %s)."
                  .formatted(
                      name,
                      model.candidate().model().input().shape(),
                      model.candidate().model().output().shape(),
                      Task.shapes()));
        }
      }
    }
    if (!model.chip().misfits().isEmpty()) {
      notes.add(
          name + " does not fit the chip: " + String.join("; ", model.chip().misfits()) + ".");
    }
    if (model.latency().seconds() < 10) {
      notes.add("Latency over less than 10 s is not what the benchmark asks for.");
    }
    return notes;
  }
}
