package dev.earshot.cli.bench.engine;

import dev.earshot.cli.Terminal;
import dev.earshot.cli.UserError;
import dev.earshot.cli.bench.BenchFolder;
import dev.earshot.cli.bench.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the engine beside TensorFlow Lite. */
@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    description = {
      "Measure the engine on the models of MLPerf Tiny, beside the real TensorFlow Lite.",
      "",
      "Each model has a process of its own, in which the engine (in machine code where this",
      "processor lets it, by the Vector API, and plain), XNNPACK, TensorFlow Lite's optimized kernels",
      "and its reference kernels take turns on one thread. The streaming wake word is also run",
      "incrementally: a new frame of the stream at a time, with the same outputs. Time is processor",
      "time of that thread. Ratios are the median of each round's ratio.",
      "",
      "XNNPACK is not bit-exact with the reference kernels; the engine is. Copying values in and",
      "out is part of the engine's time and not of TensorFlow Lite's.",
      "",
      "Exit code 1: with --check, a ratio is not what it should be."
    })
public final class BenchEngineCommand implements Callable<Integer> {
  @Option(
      names = "--models",
      defaultValue = "../shared/mlperf-tiny",
      paramLabel = "DIR",
      description =
          "Folder of the models, or one with a folder \"models\" in it (default:"
              + " ${DEFAULT-VALUE}).")
  private Path models = Path.of("");

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "MODEL",
      description = "Only these of kws, vww, ic, iclarge, ad, sww.")
  private List<TinyModel> only = List.of();

  @Option(
      names = "--peers",
      split = ",",
      defaultValue = "xnnpack,optimized,reference",
      paramLabel = "PEER",
      description = "What is measured beside the engine (default: ${DEFAULT-VALUE}).")
  private List<Contestant> peers = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "11",
      paramLabel = "N",
      description = "Turns of each (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "0.3",
      paramLabel = "S",
      description = "Of one turn, at least one inference (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--warmup",
      defaultValue = "4",
      paramLabel = "S",
      description = "Of the engine before its first turn (default: ${DEFAULT-VALUE}).")
  private double warmUp;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures there too.")
  private @Nullable Path json;

  @Option(
      names = "--check",
      description = "End with exit code 1 when a ratio is not what it should be.")
  private boolean check;

  @Override
  public Integer call() throws IOException {
    if (rounds < 1) {
      throw new UserError("--rounds: " + rounds + " (expected: at least 1)");
    }
    if (!(seconds > 0) || !(warmUp >= 0)) {
      throw new UserError(
          "--seconds: %s, --warmup: %s (expected: above 0, and 0 or more)"
              .formatted(seconds, warmUp));
    }
    Terminal terminal = Terminal.standard();
    Race.Pace pace = new Race.Pace(rounds, seconds, warmUp);
    Race race = new Race(contestants(), pace, what -> terminal.status(what, "    " + what));
    List<Figures> figures = new ArrayList<>();
    try (BenchFolder folder = BenchFolder.create()) {
      for (TinyModel model : only.isEmpty() ? Arrays.asList(TinyModel.values()) : only) {
        figures.add(race.run(model, file(model), folder.path()));
      }
    } finally {
      terminal.clearStatus();
    }
    EngineReport report = new EngineReport(figures, pace);
    for (Section section : report.sections()) {
      section.lines().forEach(terminal::line);
      terminal.line("");
    }
    if (json != null) {
      report.write(json);
    }
    return check && report.missed() ? 1 : 0;
  }

  private List<Contestant> contestants() {
    List<Contestant> contestants =
        new ArrayList<>(
            List.of(Contestant.MACHINE, Contestant.VECTOR, Contestant.NEW_FRAME, Contestant.PLAIN));
    for (Contestant peer : peers) {
      if (!contestants.contains(peer)) {
        contestants.add(peer);
      }
    }
    return contestants;
  }

  private Path file(TinyModel model) {
    for (Path folder : List.of(models, models.resolve("models"))) {
      Path file = folder.resolve(model.fileName());
      if (Files.isRegularFile(file)) {
        return file.toAbsolutePath();
      }
    }
    throw new UserError(
        "--models: no %s in %s or in a folder \"models\" there"
            .formatted(model.fileName(), models.toAbsolutePath().normalize()));
  }
}
