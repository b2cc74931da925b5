package dev.earshot.cli.bench.mlperf;

import dev.earshot.cli.UserError;
import dev.earshot.cli.bench.mlperf.Quality.Evaluated;
import dev.earshot.cli.bench.mlperf.Quality.Unknown;
import dev.earshot.cli.bench.plot.ParetoPlot;
import dev.earshot.cli.model.RoundingName;
import dev.earshot.ndp.Execution;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** MLPerf Tiny as its users know it. */
@Command(
    name = "mlperf-tiny",
    mixinStandardHelpOptions = true,
    description = {
      "Run MLPerf Tiny's tasks: accuracy of the closed division, latency of a single stream on this",
      "machine, and what the modelled chip would take, beside what was published.",
      "",
      "A model's task is told by its input and output. What the data folder may hold:",
      "  vectors/kws_inputs.csv (vww_, ic_)  file, label, x0, x1, ...: int8 inputs of the model",
      "  vectors/*_outputs_ref.csv           TensorFlow Lite's outputs, compared bit for bit",
      "  kws01/, vww01/, ic01/, ad01/        as the benchmark's runner has them: y_labels.csv and",
      "                                      .bin files (kws01 int8; vww01 and ic01 bytes 0 to 255;",
      "                                      ad01 float32, little-endian, in windows)",
      "  audio/, sww01/                      16-bit wavs of 16 kHz, and JSON with the times of the",
      "                                      words: the runner's (wav_file, detection_windows) or",
      "                                      NAME_ww_windows.json beside NAME.wav",
      "Without labels a task has no accuracy; it never gets one from random inputs.",
      "",
      "False wakes are counted by both rules of the benchmark: its evaluation script's (a word is",
      "heard until 0.5 s after its end) and its runner's (2 s). The runner's decides.",
      "Progress goes to standard error. Exit code 1: a target is missed, or outputs differ from",
      "TensorFlow Lite's; what the data can't decide is no failure."
    })
public final class BenchMlperfTinyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--models",
      required = true,
      arity = "1..*",
      paramLabel = "PLACE",
      description =
          "Models: .tflite files, or folders that hold some. A release's folder is shown with the"
              + " release's own evaluation.")
  private List<Path> models = new ArrayList<>();

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data folder.")
  private Path data = Path.of("");

  @Option(
      names = "--seconds",
      defaultValue = "10",
      paramLabel = "N",
      description =
          "Measure each model's latency for so long, and 10 inferences at least; the benchmark asks"
              + " for 10 s (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--rounding",
      defaultValue = RoundingName.CURRENT,
      converter = RoundingName.class,
      description =
          "Which TensorFlow Lite to be like: tflite-2.20 or tflite-legacy (default:"
              + " ${DEFAULT-VALUE}).")
  private Rounding rounding = Rounding.TFLITE_2_20;

  @Option(
      names = "--plain",
      description =
          "Run the plain kernels and not the fastest code there is: same outputs, slower.")
  private boolean plain;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures there too.")
  private @Nullable Path json;

  @Option(
      names = "--pareto",
      paramLabel = "FILE",
      description = "Plot accuracy, modelled energy and latency of all models to a .svg or .png.")
  private @Nullable Path pareto;

  @Override
  public Integer call() {
    check();
    Evaluations evaluations = new Evaluations(new DataFolder(data));
    List<Measured> measured = new ArrayList<>();
    Execution execution = plain ? Execution.PLAIN : Execution.best();
    for (Candidate candidate : Candidate.all(models, rounding, execution)) {
      measured.add(measure(evaluations, candidate));
    }
    new MlperfTable(measured).lines().forEach(System.out::println);
    if (json != null) {
      MlperfJson.write(measured, json);
    }
    if (pareto != null) {
      plot(measured, pareto);
    }
    return measured.stream().anyMatch(Measured::failed) ? 1 : 0;
  }

  /** Before minutes of measuring, not after. */
  private void check() {
    if (!(seconds > 0 && seconds <= 3600)) {
      throw new UserError("--seconds: " + seconds + " (expected: above 0, at most 3600)");
    }
    if (pareto != null && !ParetoPlot.isPossible(pareto)) {
      throw new UserError("--pareto: " + pareto + " (expected: a name that ends in .svg or .png)");
    }
    for (Path file : Stream.of(json, pareto).filter(Objects::nonNull).toList()) {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new UserError(file + ": its folder does not exist");
      }
    }
  }

  private static void plot(List<Measured> measured, Path file) {
    try {
      ParetoChart.of(measured).write(file);
    } catch (IOException e) {
      throw new UserError("--pareto: " + file + " can't be written: " + e.getMessage(), e);
    }
  }

  private Measured measure(Evaluations evaluations, Candidate candidate) {
    progress(candidate.name() + ": accuracy");
    Quality quality = quality(evaluations, candidate);
    Optional<ReferenceRows> reference =
        ReferenceRows.of(new DataFolder(data), candidate.name(), candidate.model());
    progress(candidate.name() + ": latency, " + seconds + " s");
    Latency latency =
        Latency.of(
            candidate.model(), evaluations.inputs(candidate.task(), candidate.model()), seconds);
    boolean listens =
        candidate.task() == Task.STREAMING_WAKE_WORD || candidate.evaluation() != null;
    return new Measured(
        candidate, quality, reference, latency, ChipCost.of(candidate.model(), listens));
  }

  private static Quality quality(Evaluations evaluations, Candidate candidate) {
    if (candidate.task() != null) {
      return evaluations.of(candidate.task(), candidate.model());
    }
    return candidate.evaluation() != null
        ? evaluated(candidate.evaluation())
        : new Unknown("no task of the benchmark");
  }

  private static Evaluated evaluated(Evaluation evaluation) {
    List<EnvironmentResult> results = evaluation.environments();
    double attempts = results.stream().mapToInt(EnvironmentResult::wakeAttempts).sum();
    double missed = results.stream().mapToInt(EnvironmentResult::missedWakes).sum();
    double hours = results.stream().mapToDouble(EnvironmentResult::exposureHours).sum();
    double accepts = results.stream().mapToInt(EnvironmentResult::falseAccepts).sum();
    return new Evaluated(1 - missed / attempts, accepts / hours);
  }

  private void progress(String what) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(what);
    err.flush();
  }
}
