package dev.earshot.cli.model;

import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.registry.release.ChipView;
import dev.earshot.registry.release.EvaluationView;
import dev.earshot.registry.release.ModelView;
import dev.earshot.registry.release.ReleaseView;
import dev.earshot.registry.statistics.Interval;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A release on a terminal of 80 columns or more. */
final class ReleasePage {
  private static final int WIDTH = 78;

  private final PrintStream out;

  ReleasePage(PrintStream out) {
    this.out = out;
  }

  void print(ReleaseView release) {
    out.println(release.release() + "  " + release.description());
    status(release);
    out.println("digest     " + release.manifestDigest());
    out.println("published  " + release.publishedAt() + ", expires " + release.expires());
    out.println("artifact   " + release.ociReference());
    out.println("chips      " + String.join(", ", release.chips()));
    release.signedBy().forEach(key -> out.println("signed by  " + key));
    lineage(release.lineage());
    line(
        "detector   score > %d, smoothed over %d frames, refractory %d ms, front end %s",
        release.detector().thresholdScore(),
        release.detector().smoothingFrames(),
        release.detector().refractoryMillis(),
        release.frontEnd());
    release.detector().words().forEach(this::word);
    line(
        "model      %,d bytes %s",
        release.files().model().length(), release.files().model().digest());
    if (release.model() != null) {
      model(release.model());
    }
    release.costs().forEach(this::costs);
    if (release.evaluation() != null) {
      evaluation(release.evaluation());
    }
  }

  private void word(ReleaseManifest.Word word) {
    line(
        "word       %s: class %d, score > %d, smoothed over %d frames, refractory %d ms",
        word.label(),
        word.wakeClass(),
        word.thresholdScore(),
        word.smoothingFrames(),
        word.refractoryMillis());
  }

  private void status(ReleaseView release) {
    ReleaseView.Decision change = release.statusChange();
    line("status     %s, counter %d", release.status(), release.counter());
    if (change != null) {
      line("           \"%s\" (%s, %s)", change.reason(), change.by(), change.at());
    }
    if (!release.aliases().isEmpty()) {
      out.println("aliases    @" + String.join(" @", release.aliases()));
    }
  }

  private void lineage(ReleaseView.@Nullable Lineage lineage) {
    if (lineage != null) {
      line("parent     %s", lineage.parent() == null ? "none" : lineage.parent());
      line("recipe     %s, seed %d", lineage.recipe(), lineage.seed());
      line("data       %s", lineage.data());
    }
  }

  private void model(ModelView model) {
    line(
        "           %s, %s, weights quantized %s, %d operators",
        model.format(), model.precision(), model.quantization(), model.layers().size());
    line(
        "           %,d parameters, %,d MACs; %,d bytes of weights, %,d of activations",
        model.parameters(), model.macs(), model.weightBytes(), model.activationBytes());
  }

  private void costs(ChipView chip) {
    line(
        "on %-7s %.1f uJ and %.2f ms an inference, %.3f mW listening (modelled, +-%.0f %%)",
        chip.chip(),
        chip.inferenceMicrojoules().value(),
        chip.inferenceMillis().value(),
        chip.listeningMilliwatts().value(),
        100
            * Math.max(
                chip.inferenceMicrojoules().relativeError(),
                chip.listeningMilliwatts().relativeError()));
    for (ChipView.Published result : chip.mlperfTiny()) {
      line(
          "           MLPerf Tiny v1.0 %s at %s: %.1f uJ, %.2f ms",
          result.task(),
          result.operatingPoint(),
          result.inferenceMicrojoules(),
          result.inferenceMillis());
    }
  }

  private void evaluation(EvaluationView evaluation) {
    out.println();
    wrapped("evaluated on " + evaluation.corpus()).forEach(out::println);
    line(
        "  %-8s %7s %-16s %7s  %6s %-16s %8s",
        "WHERE", "FA/h", "[95 %]", "hours", "FRR %", "[95 %]", "attempts");
    for (EvaluationView.Environment row : evaluation.environments()) {
      line(
          "  %-8s %7.2f %-16s %7.1f  %6.1f %-16s %8d",
          row.environment(),
          row.falseAcceptsPerHour(),
          interval(row.falseAcceptsPerHourInterval(), 1, 2),
          row.exposureHours(),
          100 * row.falseRejectRate(),
          interval(row.falseRejectRateInterval(), 100, 1),
          row.wakeAttempts());
    }
  }

  static String interval(Interval interval, double scale, int digits) {
    return String.format(
        Locale.ROOT,
        "[%." + digits + "f, %." + digits + "f]",
        scale * interval.low(),
        scale * interval.high());
  }

  /** Lines of at most {@value #WIDTH} characters. */
  static List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
