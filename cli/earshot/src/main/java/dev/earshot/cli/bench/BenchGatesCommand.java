package dev.earshot.cli.bench;

import dev.earshot.rollout.study.GateStudy;
import dev.earshot.rollout.study.GateStudy.Section;
import dev.earshot.rollout.study.Workers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The study of the gates. */
@Command(
    name = "gates",
    mixinStandardHelpOptions = true,
    description = {
      "Simulate rollouts and print how often each gate is wrong, how soon it sees harm, and how that",
      "compares with other ways to decide and with the best possible.",
      "",
      "Progress goes to standard error. Exit code 1: a target was missed."
    })
public final class BenchGatesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--rollouts",
      defaultValue = "2000",
      paramLabel = "N",
      description = "Repetitions of each scenario (default: ${DEFAULT-VALUE}).")
  private int rollouts;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "SEED",
      description = "Of all random numbers; the same seed prints the same (default: 1).")
  private long seed;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "SECTION",
      description =
          "Sections to run: comparison, nulls, car, non-inferiority, power, ramp (default: all).")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to use (default: as many as there are processors).")
  private @Nullable Integer threads;

  @Override
  public Integer call() {
    PrintWriter progress = spec.commandLine().getErr();
    long start = System.nanoTime();
    Workers workers =
        new Workers(
            threads == null ? Runtime.getRuntime().availableProcessors() : threads,
            line -> {
              long seconds = (System.nanoTime() - start) / 1_000_000_000;
              progress.printf("[%d:%02d] %s%n", seconds / 60, seconds % 60, line);
              progress.flush();
            });
    List<String> missed =
        new GateStudy(seed, rollouts, sections(), workers).run(System.out::println);
    System.out.println();
    if (missed.isEmpty()) {
      System.out.println("Every target was reached.");
      return 0;
    }
    System.out.println("Missed:");
    missed.forEach(target -> System.out.println("  " + target));
    return 1;
  }

  private Set<Section> sections() {
    if (only.isEmpty()) {
      return EnumSet.allOf(Section.class);
    }
    return only.stream().map(this::section).collect(Collectors.toSet());
  }

  private Section section(String name) {
    String wanted = name.strip().toLowerCase(Locale.ROOT);
    return Arrays.stream(Section.values())
        .filter(section -> section.label().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--only: "
                        + name
                        + " (expected: "
                        + Arrays.stream(Section.values())
                            .map(Section::label)
                            .collect(Collectors.joining(", "))
                        + ")"));
  }
}
