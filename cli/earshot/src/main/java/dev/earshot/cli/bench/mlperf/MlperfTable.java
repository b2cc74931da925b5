package dev.earshot.cli.bench.mlperf;

import dev.earshot.cli.Terminal;
import dev.earshot.ndp.chip.Estimate;
import dev.earshot.ndp.chip.PublishedResult;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** The report for people. */
final class MlperfTable {
  private static final String QUALITY_ROW = "%-20s %-28s %-36s %-15s %-10s %s";
  private static final String HERE_ROW = "%-40s %12s %12s %14s %14s";
  private static final String CHIP_ROW = "%-40s %22s %10s %22s %10s";

  private final List<Measured> models;

  MlperfTable(List<Measured> models) {
    this.models = List.copyOf(models);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        QUALITY_ROW.formatted("task", "model", "measured", "target", "", "bits").stripTrailing());
    models.forEach(model -> lines.add(qualityRow(model).stripTrailing()));
    lines.add("");
    lines.add(HERE_ROW.formatted("on this machine", "median ms", "p90 ms", "inferences", "MACs"));
    models.forEach(model -> lines.add(hereRow(model)));
    int points = models.getFirst().chip().points().size();
    for (int point = 0; point < points; point++) {
      lines.add("");
      lines.addAll(chipRows(point));
    }
    lines.addAll(listening());
    lines.addAll(others());
    lines.add("");
    lines.addAll(notes());
    return lines;
  }

  private static String qualityRow(Measured model) {
    Task task = model.candidate().task();
    return QUALITY_ROW.formatted(
        model.candidate().purpose(),
        model.candidate().name(),
        words(model.quality()),
        task == null ? "-" : task.targetText(),
        model.quality().share().isEmpty() || task == null ? "-" : model.quality().verdict().words(),
        model.reference().map(rows -> rows.equal() + " of " + rows.total()).orElse("-"));
  }

  static String words(Quality quality) {
    return switch (quality) {
      case Quality.TopOne top ->
          "%s %% (%d of %d)"
              .formatted(
                  Terminal.number(100.0 * top.right() / top.total(), 1), top.right(), top.total());
      case Quality.Curve curve ->
          "AUC %s (%d files)".formatted(Terminal.number(curve.overFiles(), 3), curve.files())
              + (Double.isNaN(curve.meanOverMachines())
                  ? ""
                  : ", machines " + Terminal.number(curve.meanOverMachines(), 3));
      case Quality.Wakes wakes ->
          sum(wakes, WakeCounts::script).text()
              + ", runner "
              + slashes(sum(wakes, WakeCounts::runner));
      case Quality.Evaluated release ->
          "hears %s %%, %s false/h"
              .formatted(
                  Terminal.number(100 * release.heard(), 1),
                  Terminal.number(release.falseAcceptsPerHour(), 2));
      case Quality.Unknown unknown -> unknown.reason();
    };
  }

  private static String slashes(WakeCounts.Count count) {
    return count.truePositives() + "/" + count.falseNegatives() + "/" + count.falsePositives();
  }

  private static WakeCounts.Count sum(
      Quality.Wakes wakes, Function<WakeCounts, WakeCounts.Count> rule) {
    return wakes.recordings().stream()
        .map(rule)
        .reduce(new WakeCounts.Count(0, 0, 0), WakeCounts.Count::and);
  }

  private static String hereRow(Measured model) {
    return HERE_ROW.formatted(
        model.candidate().name(),
        Terminal.number(model.latency().medianMicros() / 1000, 4),
        Terminal.number(model.latency().p90Micros() / 1000, 4),
        String.format(Locale.ROOT, "%,d", model.latency().inferences()),
        String.format(Locale.ROOT, "%,d", model.macs()));
  }

  private List<String> chipRows(int index) {
    List<String> lines = new ArrayList<>();
    String name = models.getFirst().chip().points().get(index).name();
    lines.add(CHIP_ROW.formatted(name, "modelled ms", "published", "modelled uJ", "published"));
    for (Measured model : models) {
      ChipCost.Point point = model.chip().points().get(index);
      lines.add(
          CHIP_ROW.formatted(
              model.candidate().name(),
              text(point.millis()),
              published(point, PublishedResult::millis),
              text(point.microjoules()),
              published(point, PublishedResult::microjoules)));
    }
    return lines;
  }

  private static String published(ChipCost.Point point, Function<PublishedResult, Double> figure) {
    return point.published().map(result -> String.valueOf(figure.apply(result))).orElse("-");
  }

  private static String text(PublishedResult result) {
    return "%s %s / %s".formatted(result.operatingPoint(), result.millis(), result.microjoules());
  }

  /** Three digits that count. */
  private static String text(Estimate estimate) {
    return estimate.text(estimate.value() < 10 ? 2 : estimate.value() < 100 ? 1 : 0);
  }

  private List<String> listening() {
    List<String> lines = new ArrayList<>();
    for (Measured model : models) {
      model
          .chip()
          .listeningMilliwatts()
          .ifPresent(
              power ->
                  lines.add(
                      "%s listening, 31.25 inferences/s, %s: modelled %s mW%s"
                          .formatted(
                              model.candidate().name(),
                              ChipCost.LISTENING_POINT,
                              power.text(3),
                              model.reference().isPresent()
                                  ? "; " + ChipCost.PUBLISHED_LISTENING
                                  : "")));
    }
    if (!lines.isEmpty()) {
      lines.addFirst("");
    }
    return lines;
  }

  private List<String> others() {
    Set<Task> tasks = new LinkedHashSet<>();
    models.stream()
        .map(model -> model.candidate().task())
        .filter(Objects::nonNull)
        .forEach(tasks::add);
    List<String> lines = new ArrayList<>();
    for (Task task : tasks) {
      List<PublishedResult> results = ChipCost.elsewhere(task);
      if (!results.isEmpty()) {
        lines.add(
            "  %-20s %s"
                .formatted(
                    task.title(),
                    String.join("; ", results.stream().map(MlperfTable::text).toList())));
      }
    }
    if (!lines.isEmpty()) {
      lines.addFirst("Published for other devices, ms / uJ of an inference:");
      lines.addFirst("");
    }
    return lines;
  }

  private List<String> notes() {
    Set<String> notes = new LinkedHashSet<>();
    for (Measured model : models) {
      notes.addAll(MlperfNotes.of(model));
    }
    if (models.stream().anyMatch(model -> model.reference().isPresent())) {
      notes.add("bits: rows of outputs that equal TensorFlow Lite's reference in every bit.");
    }
    if (!models.isEmpty()) {
      notes.add(
          "here: wall time of single inferences on one thread of this machine, warmed, "
              + switch (models.getFirst().candidate().model().execution()) {
                case MACHINE -> "in machine code.";
                case VECTOR -> "on the Vector API.";
                case PLAIN -> "on the plain kernels.";
              });
      for (ChipCost.Point point : models.getFirst().chip().points()) {
        notes.add("modelled: " + point.microjoules().basis() + ".");
      }
    }
    return List.copyOf(notes);
  }
}
