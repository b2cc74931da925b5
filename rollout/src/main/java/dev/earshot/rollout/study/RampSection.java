package dev.earshot.rollout.study;

import dev.earshot.rollout.gate.AlphaBudget;
import dev.earshot.rollout.gate.Metric;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The study's part about whole staged rollouts.
 *
 * @param trial what is repeated
 * @param rollouts of the study; a rollout here is ten times as large, so there are fewer
 */
record RampSection(RampTrial trial, int rollouts) {
  void run(Report report) {
    int harmless = Math.max(1, rollouts / 2);
    int harmful = Math.max(1, rollouts / 5);
    report.heading(
        "Staged rollouts, %s of 20,000 devices, alpha %.1f %% (%,d without effect, %,d with each)",
        RampTrial.STAGES.stream()
            .map(stage -> stage.percent() + " %")
            .collect(Collectors.joining(", ")),
        100 * AlphaBudget.DEFAULT.alpha(Metric.FALSE_ACCEPTS),
        harmless,
        harmful);
    row(report, 1, harmless);
    row(report, 1.2, harmful);
    row(report, 1.5, harmful);
  }

  private void row(Report report, double ratio, int number) {
    List<RampTrial.Result> results = trial.run(ratio, number);
    report.line(
        "  %-10s stopped %d of %d (%s); finished %d, unfinished after 5 days %d",
        ratio == 1 ? "no effect" : Words.effect(ratio),
        count(results, RampTrial.End.STOPPED),
        number,
        IntStream.rangeClosed(1, RampTrial.STAGES.size())
            .mapToObj(stage -> stoppedIn(stage, results))
            .collect(Collectors.joining(", ")),
        count(results, RampTrial.End.FINISHED),
        count(results, RampTrial.End.UNFINISHED));
  }

  private static String stoppedIn(int stage, List<RampTrial.Result> results) {
    double[] hours =
        results.stream()
            .filter(r -> r.end() == RampTrial.End.STOPPED && r.stage() == stage)
            .mapToDouble(RampTrial.Result::hours)
            .toArray();
    String number = "stage " + stage + ": " + hours.length;
    return hours.length == 0
        ? number
        : number + " (median at " + Words.hours(Outcome.of("", hours, hours).medianHours()) + ")";
  }

  private static long count(List<RampTrial.Result> results, RampTrial.End end) {
    return results.stream().filter(result -> result.end() == end).count();
  }
}
