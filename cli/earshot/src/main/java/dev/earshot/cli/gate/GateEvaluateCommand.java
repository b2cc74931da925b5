package dev.earshot.cli.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.earshot.cli.UserError;
import dev.earshot.rollout.gate.AlphaBudget;
import dev.earshot.rollout.gate.CountsEvaluation;
import dev.earshot.rollout.gate.CountsGate;
import dev.earshot.rollout.gate.CountsSettings;
import dev.earshot.rollout.gate.Decisions;
import dev.earshot.rollout.gate.Device;
import dev.earshot.rollout.gate.Evidence;
import dev.earshot.rollout.gate.GateFile;
import dev.earshot.rollout.gate.Verdict;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the evidence of a count gate for the devices in a file, as JSON. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Recompute a count gate (false accepts or false rejects) and print its evidence as JSON.",
      "",
      "The file's columns, in any order: device, stratum, arm (treatment or control),",
      "exposure_hours, count, prior_exposure_hours, prior_count. A line that says the same as",
      "another counts once. log_e is ln e before the guard: where guard is false, it counts as 0."
    })
public final class GateEvaluateCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Parameters(index = "0", paramLabel = "FILE.csv", description = "The devices.")
  private Path file = Path.of("");

  @Option(
      names = "--theta0",
      defaultValue = "1",
      paramLabel = "RATIO",
      description = {
        "1 asks whether treated devices are worse (harm); above 1 asks whether they are worse by",
        "less than this ratio (non-inferiority). Default: ${DEFAULT-VALUE}."
      })
  private double theta0 = 1;

  @Option(
      names = "--shape",
      paramLabel = "K",
      description = "Working gamma shape of device rates (default: 1).")
  private @Nullable Double shape;

  @Option(
      names = "--tau",
      paramLabel = "T",
      description = "Prior scale of the log rate ratio (default: 0.4).")
  private @Nullable Double tau;

  @Override
  public Integer call() throws IOException {
    GateFile.Read read =
        switch (GateFile.parse(text())) {
          case GateFile.Read good -> good;
          case GateFile.Malformed bad ->
              throw new UserError(
                  file
                      + ":\n  "
                      + bad.problems().stream()
                          .map(GateFile.Problem::toString)
                          .collect(Collectors.joining("\n  ")));
        };
    CountsSettings defaults = CountsSettings.harm();
    CountsSettings settings =
        new CountsSettings(
            theta0, shape == null ? defaults.shape() : shape, tau == null ? defaults.tau() : tau);
    CountsEvaluation evaluation =
        CountsGate.evaluate(
            read.devices(),
            read.devices().stream().map(Device::stratum).collect(Collectors.toSet()),
            settings);
    System.out.println(json(read, evaluation));
    return 0;
  }

  private String text() {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new UserError(file + ": no such file (expected: the devices, comma-separated)");
    } catch (MalformedInputException e) {
      throw new UserError(file + ": not UTF-8 (expected: comma-separated text in UTF-8)");
    } catch (IOException e) {
      throw new UserError(file + ": can't be read (" + e.getMessage() + ")");
    }
  }

  private static String json(GateFile.Read read, CountsEvaluation evaluation)
      throws JsonProcessingException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(
        "settings",
        Map.of(
            "theta0", evaluation.settings().theta0(),
            "shape", evaluation.settings().shape(),
            "tau", evaluation.settings().tau()));
    json.put("rows", read.devices().size());
    json.put("repeated_lines", read.repeatedLines());
    json.put("pooled", json(evaluation.pooled()));
    Map<String, Object> strata = new LinkedHashMap<>();
    evaluation.strata().forEach((name, evidence) -> strata.put(name, json(evidence)));
    json.put("strata", strata);
    json.put("log_e", evaluation.combinedLogE());
    Verdict verdict = Decisions.countsAlone(evaluation, AlphaBudget.DEFAULT);
    json.put("decision", decision(verdict));
    json.put("decision_log_e", verdict.logE());
    json.put("decision_log_threshold", verdict.logThreshold());
    return JSON.writeValueAsString(json);
  }

  private static Map<String, Object> json(Evidence evidence) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("U", evidence.u());
    json.put("A", evidence.a());
    json.put("V", evidence.v());
    json.put("S", evidence.s());
    json.put("J", evidence.j());
    json.put("psi", finite(evidence.psi()));
    json.put("z", finite(evidence.z()));
    json.put("log_e", evidence.logE());
    json.put("guard", evidence.guard());
    return json;
  }

  private static String decision(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Harm harm -> "harm";
      case Verdict.NonInferior good -> "non-inferior";
      case Verdict.Undecided open -> "undecided";
    };
  }

  /** JSON has no NaN: what has no value is null. */
  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
