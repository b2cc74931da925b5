package dev.earshot.cli.loss;

import dev.earshot.cli.Terminal;
import dev.earshot.cli.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The long form of the proof that nothing acknowledged is lost. */
@Command(
    name = "loss",
    mixinStandardHelpOptions = true,
    description = {
      "Show that nothing acknowledged is lost. Devices number every heartbeat and remember every",
      "PUBACK while networks are cut, torn, slowed and stalled, the gateway is killed, drained and",
      "paused, and the broker is restarted, killed, paused, and its disk fills. Then the topic is read",
      "and held against what was acknowledged: nothing missing, nothing altered, in order; and the",
      "topologies of monitoring and rollout count every message once, however often it is stored.",
      "",
      "Gateway and broker are processes of their own on this machine. A seed decides what goes wrong",
      "where and for how long; the same seed does the same again.",
      "",
      "Exit code 1: something was lost, or another promise was not kept."
    })
public final class BenchLossCommand implements Callable<Integer> {
  @Option(
      names = "--seconds",
      defaultValue = "60",
      paramLabel = "N",
      description = "How long things go wrong, 5 to 3600, for each seed (default: 60).")
  private int seconds = 60;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "SEED",
      description = "Of the first run (default: 1).")
  private long seed = 1;

  @Option(
      names = "--seeds",
      defaultValue = "1",
      paramLabel = "N",
      description = "How many runs, each with the next seed (default: 1).")
  private int seeds = 1;

  @Option(
      names = "--devices",
      defaultValue = "100",
      paramLabel = "N",
      description = "How many devices send, 8 heartbeats a second each (default: 100).")
  private int devices = 100;

  @Option(
      names = "--faults",
      split = ",",
      paramLabel = "KIND",
      description = "What goes wrong (default: all): ${COMPLETION-CANDIDATES}.",
      completionCandidates = Labels.class)
  private List<String> faults = new ArrayList<>();

  /** For the help. */
  static final class Labels extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Labels() {
      super(FaultKind.labels());
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    require("--seconds", seconds, 5, 3_600);
    require("--seeds", seeds, 1, 1_000);
    require("--devices", devices, 1, 2_000);
    Set<FaultKind> kinds = kinds();
    Terminal terminal = Terminal.standard();
    List<Long> failed = new ArrayList<>();
    for (long each = seed; each < seed + seeds; each++) {
      LossRun run = new LossRun(each, Duration.ofSeconds(seconds), devices, kinds);
      if (!holds(run, terminal)) {
        failed.add(each);
      }
    }
    terminal.line("");
    terminal.line(
        failed.isEmpty()
            ? terminal.good("nothing acknowledged was lost, %d of %d runs".formatted(seeds, seeds))
            : terminal.bad("failed with seed " + failed));
    return failed.isEmpty() ? 0 : 1;
  }

  private static boolean holds(LossRun run, Terminal terminal)
      throws IOException, InterruptedException {
    terminal.heading(
        "seed %d: %d devices, %d s".formatted(run.seed(), run.devices(), run.length().toSeconds()));
    terminal.line("schedule, each fault after the one before:");
    run.schedule().lines().forEach(line -> terminal.line("  " + line));
    Path folder = Files.createTempDirectory("earshot-loss-");
    LossReport report;
    try {
      report = run.run(folder, line -> terminal.line("  " + line));
    } catch (IOException e) {
      throw new UserError(e.getMessage() + " (the logs are in " + folder + ")", e);
    }
    report.lines().forEach(terminal::line);
    List<String> failures = report.failures();
    if (failures.isEmpty()) {
      delete(folder);
      return true;
    }
    failures.forEach(failure -> terminal.line(terminal.bad(failure)));
    terminal.line("the logs are in " + folder);
    return false;
  }

  private Set<FaultKind> kinds() {
    Set<FaultKind> kinds =
        faults.isEmpty() ? EnumSet.allOf(FaultKind.class) : EnumSet.noneOf(FaultKind.class);
    for (String label : faults) {
      kinds.add(
          FaultKind.of(label)
              .orElseThrow(
                  () ->
                      new UserError(
                          "--faults: "
                              + label
                              + " (expected: "
                              + String.join(", ", FaultKind.labels())
                              + ")")));
    }
    return kinds;
  }

  private static void require(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UserError(option + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.deleteIfExists(each);
    }
  }
}
