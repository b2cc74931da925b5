package dev.earshot.simulator.command;

import dev.earshot.protocol.document.InvalidDocument;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.scenario.ScenarioFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;

/** A fleet that is described in a file. */
final class ScenarioOptions {
  /** What a scenario says itself. */
  private static final List<String> SCENARIOS_OWN =
      List.of(
          "--devices",
          "--connect-rate",
          "-i",
          "--interval",
          "--release",
          "--fleet",
          "--duplicate-heartbeats",
          "--disconnects-per-day",
          "--corrupt-downloads",
          "--power-cuts");

  @Parameters(
      arity = "0..1",
      paramLabel = "SCENARIO.yaml",
      description =
          "What the fleet is and lives through, instead of the flags for that (see --schema).")
  @Nullable Path file;

  @Option(
      names = "--validate",
      description = "Only read the scenario: print what is wrong, or what it says.")
  boolean validate;

  @Option(names = "--schema", description = "Print the JSON Schema of scenarios.")
  boolean schema;

  /** Prints what was asked for instead of a fleet, and returns the exit code; empty: a fleet. */
  OptionalInt answer(PrintWriter out, PrintWriter err) {
    if (schema) {
      out.print(ScenarioFormat.schema());
      out.flush();
      return OptionalInt.of(0);
    }
    if (!validate) {
      return OptionalInt.empty();
    }
    if (file == null) {
      err.println("--validate: no scenario (expected: its file, such as night.yaml)");
      return OptionalInt.of(2);
    }
    try {
      read(file).ifPresent(scenario -> ScenarioSummary.print(scenario, out));
      out.flush();
      return OptionalInt.of(0);
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return OptionalInt.of(1);
    }
  }

  /**
   * The scenario of the file, if there is one.
   *
   * @throws IllegalArgumentException with all that is wrong, a line for each
   */
  Optional<Scenario> scenario(@Nullable ParseResult told) {
    if (file == null) {
      return Optional.empty();
    }
    for (String flag : SCENARIOS_OWN) {
      if (told != null && told.hasMatchedOption(flag)) {
        throw new IllegalArgumentException(
            flag + ": together with a scenario, which says that itself (expected: one of them)");
      }
    }
    Optional<Scenario> read = read(file);
    return told != null && told.hasMatchedOption("--seed")
        ? read.map(scenario -> scenario.withSeed(told.matchedOptionValue("--seed", 1L)))
        : read;
  }

  /** How long a scenario takes, machine time, when nothing else is said. */
  static Duration machineTime(Scenario scenario, double speed) {
    return Duration.ofMillis((long) Math.ceil(scenario.duration().toMillis() / speed));
  }

  private static Optional<Scenario> read(@Nullable Path path) {
    if (path == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(ScenarioFormat.read(Files.readString(path)));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(path + ": no such file", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(path + ": can't be read: " + e.getMessage(), e);
    } catch (InvalidDocument e) {
      StringBuilder all = new StringBuilder();
      for (InvalidDocument.FieldError error : e.errors()) {
        all.append(all.isEmpty() ? "" : System.lineSeparator())
            .append(path)
            .append(error.line() > 0 ? ":" + error.line() : "")
            .append(": ")
            .append(error.field())
            .append(": ")
            .append(error.message());
      }
      throw new IllegalArgumentException(all.toString(), e);
    }
  }
}
