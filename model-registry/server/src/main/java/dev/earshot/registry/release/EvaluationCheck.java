package dev.earshot.registry.release;

import dev.earshot.ndp.ModelSummary;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.EnergyModel;
import dev.earshot.ndp.chip.Estimate;
import dev.earshot.ndp.chip.Workload;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.Evaluation.DetPoint;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import dev.earshot.protocol.release.ReleaseManifest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether an evaluation can be believed as far as that can be told without the audio: it is about
 * this model and this threshold, its numbers do not contradict one another, and what the engine can
 * compute itself is what the engine computes. Collects everything that is wrong. Stateless.
 */
final class EvaluationCheck {
  /** Relative; figures pass through JSON, which keeps doubles exactly, and through other JVMs. */
  private static final double ROUNDING = 1e-6;

  /** Counts are whole: a rate that is off by less than half an event is the same count. */
  private static final double HALF_AN_EVENT = 0.5 + 1e-6;

  private static final double MILLIS_PER_HOUR = 3_600_000;

  private final ReleaseManifest manifest;
  private final List<Problem.FieldError> errors = new ArrayList<>();

  private EvaluationCheck(ReleaseManifest manifest) {
    this.manifest = manifest;
  }

  /** What is wrong; empty when nothing is. */
  static List<Problem.FieldError> of(
      ReleaseManifest manifest, Evaluation evaluation, ModelSummary model) {
    EvaluationCheck check = new EvaluationCheck(manifest);
    check.about(evaluation);
    if (check.errors.isEmpty()) {
      check.costs(evaluation, model);
      check.environments(evaluation);
    }
    return List.copyOf(check.errors);
  }

  private void about(Evaluation evaluation) {
    same("release", evaluation.release(), manifest.release().toString());
    same("modelDigest", evaluation.modelDigest(), manifest.model().digest().toString());
    same("thresholdScore", evaluation.thresholdScore(), manifest.detector().thresholdScore());
  }

  private void costs(Evaluation evaluation, ModelSummary model) {
    computed("multiplyAccumulates", evaluation.multiplyAccumulates(), model.macs());
    computed("parameters", evaluation.parameters(), model.parameters());
    computed("memoryBytes", evaluation.memoryBytes(), model.weightBytes() + model.arenaBytes());
    String chip = manifest.chips().getFirst();
    ChipProfile.byId(chip)
        .map(EnergyModel::of)
        .ifPresent(
            energy -> {
              modelled(
                  "energyPerInferenceMicrojoules",
                  evaluation.energyPerInferenceMicrojoules(),
                  energy.inferenceMicrojoules(Workload.of(model)),
                  1);
              modelled(
                  "inferenceMicros",
                  evaluation.inferenceMicros(),
                  energy.inferenceMillis(Workload.of(model)),
                  1000);
            });
  }

  private void environments(Evaluation evaluation) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < evaluation.environments().size(); i++) {
      EnvironmentResult result = evaluation.environments().get(i);
      String path = "environments[" + i + "].";
      if (!seen.add(result.environment())) {
        wrong(path + "environment", result.environment(), "each environment once");
      }
      if (!Double.isFinite(result.exposureHours())) {
        wrong(path + "exposureHours", result.exposureHours(), "a number of hours");
      } else if (result.wakeAttempts() < 1) {
        wrong(path + "wakeAttempts", 0, "at least 1; a rate of nothing says nothing");
      } else if (tradeOff(path, result)) {
        operatingPoint(path, result);
        histograms(path, result);
      }
    }
  }

  /** Whether the trade-off can be read from. */
  private boolean tradeOff(String path, EnvironmentResult result) {
    int before = errors.size();
    List<DetPoint> det = result.det();
    if (det.isEmpty() || det.getFirst().thresholdScore() > manifest.detector().thresholdScore()) {
      wrong(
          path + "det",
          det.isEmpty() ? "no points" : "begins at " + det.getFirst().thresholdScore(),
          "points from at most the threshold, " + manifest.detector().thresholdScore() + ", on");
    }
    for (int i = 0; i < det.size() && errors.size() == before; i++) {
      String point = path + "det[" + i + "].";
      inRange(point, det.get(i));
      if (i > 0) {
        ordered(point, det.get(i - 1), det.get(i));
      }
    }
    return errors.size() == before;
  }

  private void inRange(String path, DetPoint point) {
    if (point.thresholdScore() < -128 || point.thresholdScore() > 127) {
      wrong(path + "thresholdScore", point.thresholdScore(), "-128 to 127");
    }
    if (!(point.falseAcceptsPerHour() >= 0 && Double.isFinite(point.falseAcceptsPerHour()))) {
      wrong(path + "falseAcceptsPerHour", point.falseAcceptsPerHour(), "a number from 0");
    }
    if (!(point.falseRejectRate() >= 0 && point.falseRejectRate() <= 1)) {
      wrong(path + "falseRejectRate", point.falseRejectRate(), "0 to 1");
    }
  }

  /**
   * A higher threshold wakes less. False accepts can never rise: what exceeds the higher threshold
   * exceeds the lower one too, and waking as soon as the refractory time allows makes the most of
   * it. Misses can fall, but only as far as the refractory time explains it: after a false accept
   * the device is deaf for so long, which is this share of the time.
   */
  private void ordered(String path, DetPoint lower, DetPoint higher) {
    if (higher.thresholdScore() <= lower.thresholdScore()) {
      wrong(path + "thresholdScore", higher.thresholdScore(), "above " + lower.thresholdScore());
    }
    if (higher.falseAcceptsPerHour() > lower.falseAcceptsPerHour() * (1 + ROUNDING)) {
      wrong(
          path + "falseAcceptsPerHour",
          higher.falseAcceptsPerHour(),
          "at most " + lower.falseAcceptsPerHour() + "; a higher threshold never wakes more");
    }
    double deafShare =
        lower.falseAcceptsPerHour() * manifest.detector().refractoryMillis() / MILLIS_PER_HOUR;
    double least = lower.falseRejectRate() - deafShare;
    if (higher.falseRejectRate() < least - ROUNDING) {
      wrong(
          path + "falseRejectRate",
          higher.falseRejectRate(),
          "at least "
              + least
              + "; a higher threshold misses no less, except what the refractory time hid");
    }
  }

  /** What was counted at the threshold must be what the trade-off says there. */
  private void operatingPoint(String path, EnvironmentResult result) {
    DetPoint point = result.at(manifest.detector().thresholdScore()).orElseThrow();
    double accepts = point.falseAcceptsPerHour() * result.exposureHours();
    if (Math.abs(accepts - result.falseAccepts()) > HALF_AN_EVENT) {
      wrong(path + "falseAccepts", result.falseAccepts(), expected(accepts));
    }
    double missed = point.falseRejectRate() * result.wakeAttempts();
    if (Math.abs(missed - result.missedWakes()) > HALF_AN_EVENT) {
      wrong(path + "missedWakes", result.missedWakes(), expected(missed));
    }
  }

  private static String expected(double count) {
    return String.format(Locale.ROOT, "%.1f, as det says", count);
  }

  private void histograms(String path, EnvironmentResult result) {
    if (result.negativeScores().stream().anyMatch(count -> count < 0)
        || result.wakeScores().stream().anyMatch(count -> count < 0)) {
      wrong(path + "negativeScores, wakeScores", "a negative count", "counts from 0");
      return;
    }
    long wakes = result.wakeScores().stream().mapToLong(Long::longValue).sum();
    if (wakes != result.wakeAttempts()) {
      wrong(path + "wakeScores", wakes + " in all", "wakeAttempts, " + result.wakeAttempts());
    }
    long inferences = result.negativeScores().stream().mapToLong(Long::longValue).sum();
    if (inferences < Math.max(1, result.falseAccepts())) {
      wrong(
          path + "negativeScores",
          inferences + " in all",
          "at least one for each of " + result.falseAccepts() + " false accepts");
    }
  }

  private void same(String field, Object measured, Object released) {
    if (!measured.equals(released)) {
      wrong(field, measured, released + ", as released");
    }
  }

  private void computed(String field, long said, long engine) {
    if (said != engine) {
      wrong(field, said, engine + ", as the engine computes");
    }
  }

  /**
   * A cost that the engine models. An older calibration of that model gave another figure, and a
   * release that is signed keeps it, so the figure has to lie within today's error bar only.
   */
  private void modelled(String field, double said, Estimate engine, double unit) {
    if (!engine.covers(said / unit)) {
      wrong(
          field,
          said,
          "%s to %s, as the engine models for %s"
              .formatted(engine.low() * unit, engine.high() * unit, manifest.chips().getFirst()));
    }
  }

  private void wrong(String field, Object value, String expected) {
    errors.add(
        new Problem.FieldError(
            ReleaseFile.EVALUATION.fileName() + "." + field,
            value + " (expected: " + expected + ")"));
  }
}
