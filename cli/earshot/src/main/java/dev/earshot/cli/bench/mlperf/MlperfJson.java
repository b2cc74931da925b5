package dev.earshot.cli.bench.mlperf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.earshot.cli.UserError;
import dev.earshot.cli.model.RoundingName;
import dev.earshot.ndp.chip.Estimate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report for programs. */
final class MlperfJson {
  private MlperfJson() {}

  static void write(List<Measured> models, Path file) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("java", System.getProperty("java.vm.version"));
    all.put("processors", Runtime.getRuntime().availableProcessors());
    all.put("models", models.stream().map(MlperfJson::model).toList());
    try {
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), all);
    } catch (IOException e) {
      throw new UserError("--json: " + file + " can't be written: " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> model(Measured model) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("task", model.candidate().purpose());
    json.put("model", model.candidate().name());
    json.put("rounding", RoundingName.of(model.candidate().model().rounding()));
    json.put("execution", model.candidate().model().execution().name().toLowerCase(Locale.ROOT));
    json.put("macs", model.macs());
    json.put("parameters", model.candidate().model().summary().parameters());
    json.put("quality", quality(model.quality()));
    json.put("verdict", model.quality().verdict().words());
    model
        .reference()
        .ifPresent(
            rows ->
                json.put("reference_rows", Map.of("equal", rows.equal(), "total", rows.total())));
    Latency latency = model.latency();
    json.put(
        "latency",
        Map.of(
            "median_ms",
            latency.medianMicros() / 1000,
            "p90_ms",
            latency.p90Micros() / 1000,
            "inferences",
            latency.inferences(),
            "seconds",
            latency.seconds()));
    json.put("chip", chip(model.chip()));
    return json;
  }

  private static Map<String, Object> quality(Quality quality) {
    Map<String, Object> json = new LinkedHashMap<>();
    switch (quality) {
      case Quality.TopOne top -> {
        json.put("top1", (double) top.right() / top.total());
        json.put("right", top.right());
        json.put("inputs", top.total());
        json.put("target", top.target());
      }
      case Quality.Curve curve -> {
        json.put("auc", curve.overFiles());
        if (!Double.isNaN(curve.meanOverMachines())) {
          json.put("auc_mean_over_machines", curve.meanOverMachines());
        }
        json.put("files", curve.files());
        json.put("target", curve.target());
      }
      case Quality.Wakes wakes ->
          json.put("recordings", wakes.recordings().stream().map(MlperfJson::recording).toList());
      case Quality.Evaluated release -> {
        json.put("heard", release.heard());
        json.put("false_accepts_per_hour", release.falseAcceptsPerHour());
      }
      case Quality.Unknown unknown -> json.put("none", unknown.reason());
    }
    return json;
  }

  private static Map<String, Object> recording(WakeCounts counts) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("recording", counts.recording());
    json.put("seconds", counts.seconds());
    json.put("evaluation_script", count(counts.script()));
    json.put("runner", count(counts.runner()));
    return json;
  }

  private static Map<String, Object> count(WakeCounts.Count count) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("true_positives", count.truePositives());
    json.put("false_negatives", count.falseNegatives());
    json.put("false_positives", count.falsePositives());
    return json;
  }

  private static Map<String, Object> chip(ChipCost chip) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("points", chip.points().stream().map(MlperfJson::point).toList());
    chip.listeningMilliwatts()
        .ifPresent(power -> json.put("modelled_listening_mw", estimate(power)));
    json.put("misfits", chip.misfits());
    return json;
  }

  private static Map<String, Object> point(ChipCost.Point point) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", point.name());
    json.put("modelled_ms", estimate(point.millis()));
    json.put("modelled_uj", estimate(point.microjoules()));
    point
        .published()
        .ifPresent(
            result -> {
              json.put("published_ms", result.millis());
              json.put("published_uj", result.microjoules());
            });
    return json;
  }

  private static Map<String, Object> estimate(Estimate estimate) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("value", estimate.value());
    json.put("low", estimate.low());
    json.put("high", estimate.high());
    json.put("basis", estimate.basis());
    return json;
  }
}
