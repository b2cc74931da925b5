package dev.earshot.cli.bench.engine;

import dev.earshot.cli.bench.BenchProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures one model in a process of its own. All that can run it take turns, in rounds: what slows
 * the machine for a while slows them all.
 */
final class Race {
  private static final int THROUGHPUT_ROUNDS = 5;

  private static final List<String> JVM =
      List.of(
          "--add-modules=jdk.incubator.vector",
          "-XX:+UseSerialGC",
          "-Xmx1g",
          // Else this collector leaves some of the dead where they are, and they would be counted.
          "-XX:MarkSweepAlwaysCompactCount=1");

  private final List<Contestant> contestants;
  private final Pace pace;
  private final Consumer<String> progress;

  /**
   * How long to measure.
   *
   * @param rounds turns of each contestant
   * @param seconds of one turn
   * @param warmUpSeconds of the engine before its first turn, for the compiler
   */
  record Pace(int rounds, double seconds, double warmUpSeconds) {}

  Race(List<Contestant> contestants, Pace pace, Consumer<String> progress) {
    this.contestants = List.copyOf(contestants);
    this.pace = pace;
    this.progress = progress;
  }

  /**
   * Measures one.
   *
   * @param folder for the log of the process
   */
  Figures run(TinyModel model, Path file, Path folder) throws IOException {
    try (BenchProcess process =
        BenchProcess.start(
            "bench-" + model.label(),
            folder,
            EngineMain.class,
            JVM,
            List.of(model.name(), file.toString()))) {
      String[] about = process.ask("about");
      progress.accept(model.label() + ": warming up (TensorFlow Lite " + about[1] + ")");
      List<Contestant> able = contestants.stream().filter(each -> each.runs(model)).toList();
      double first = number(process, "time " + able.getFirst() + " 0");
      for (Contestant each : able) {
        double warmUp = each.isOurs() ? pace.warmUpSeconds() : pace.seconds();
        number(process, "time " + each + " " + warmUp);
      }
      Map<Contestant, List<Double>> micros = rounds(model, able, process);
      Map<Contestant, Double> allocated = new EnumMap<>(Contestant.class);
      for (Contestant each : able) {
        if (each.isOurs()) {
          allocated.put(each, number(process, "allocated " + each));
        }
      }
      progress.accept(model.label() + ": one thread and two");
      List<List<Double>> perSecond = throughput(process);
      String[] memory = process.ask("memory");
      return new Figures(
          model,
          Long.parseLong(about[0]),
          first,
          micros,
          allocated,
          perSecond,
          new Footprint(
              Double.parseDouble(memory[0]),
              Double.parseDouble(memory[1]),
              Double.parseDouble(memory[2])));
    }
  }

  private Map<Contestant, List<Double>> rounds(
      TinyModel model, List<Contestant> able, BenchProcess process) throws IOException {
    Map<Contestant, List<Double>> micros = new EnumMap<>(Contestant.class);
    for (int round = 1; round <= pace.rounds(); round++) {
      progress.accept(model.label() + ": round " + round + " of " + pace.rounds());
      for (Contestant each : able) {
        micros
            .computeIfAbsent(each, ignored -> new ArrayList<>())
            .add(number(process, "time " + each + " " + pace.seconds()));
      }
    }
    return micros;
  }

  private List<List<Double>> throughput(BenchProcess process) throws IOException {
    List<List<Double>> perSecond = List.of(new ArrayList<>(), new ArrayList<>());
    for (int round = 0; round < THROUGHPUT_ROUNDS; round++) {
      for (int threads = 1; threads <= perSecond.size(); threads++) {
        perSecond
            .get(threads - 1)
            .add(number(process, "throughput " + threads + " " + pace.seconds()));
      }
    }
    return perSecond;
  }

  private static double number(BenchProcess process, String question) throws IOException {
    return Double.parseDouble(process.ask(question)[0]);
  }
}
