package dev.earshot.cli.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.earshot.cli.Connection;
import dev.earshot.cli.UserError;
import dev.earshot.protocol.document.InvalidDocument;
import dev.earshot.protocol.document.InvalidDocument.FieldError;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.rollout.plan.PlanFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Where a plan comes from: a file, or a release with what the options say. Checked here, before it
 * is sent, so that a mistake is named with its line in the file.
 */
final class PlanSource {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Pattern ROLLOUT = Pattern.compile("r-[0-9a-z]+");
  private static final String RELEASE = "release";
  private static final String COHORT = "cohort";

  @Parameters(
      index = "0",
      paramLabel = "FILE|NAME:VERSION|NAME@ALIAS",
      description = "A plan in YAML or JSON, or a release to bring out with the defaults.")
  private String what = "";

  @Option(
      names = "--cohort",
      paramLabel = "CEL",
      description = {
        "Which devices, such as 'device.chip == \"ndp120\" && device.region == \"eu\"'. Known:",
        "device.id, fleet, chip, region, firmware, hardware, release. Default: the plan's, or all."
      })
  private @Nullable String cohort;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "With a release: everything else is as in this plan.")
  private @Nullable Path plan;

  /**
   * The plan as the service takes it.
   *
   * @param connection where an alias is looked up
   * @throws UserError with one line for each mistake, {@code file:line: field: message}
   */
  ObjectNode read(Connection connection) throws IOException {
    Path file = file();
    String text = file == null ? "{}" : Files.readString(file);
    List<String> overridden = new ArrayList<>();
    ObjectNode document = parse(file, text);
    if (file == null || plan != null) {
      document.put(RELEASE, release(connection).toString());
      overridden.add(RELEASE);
    }
    if (cohort != null) {
      document.put(COHORT, cohort);
      overridden.add(COHORT);
    } else if (!document.has(COHORT)) {
      document.put(COHORT, "true");
      overridden.add(COHORT);
    }
    if (file != null) {
      check(file.toString(), text, overridden);
    }
    check("", document.toString(), List.of());
    return document;
  }

  /** Only an alias needs the registry. */
  private ReleaseRef release(Connection connection) {
    if (what.indexOf('@') < 0) {
      return ReleaseRef.parse(what);
    }
    try (RegistryClient registry = new RegistryClient(connection.registry(), "")) {
      return registry.resolve(what);
    }
  }

  /** Whether a rollout is named instead of a plan. */
  boolean isRollout() {
    return ROLLOUT.matcher(what).matches() && plan == null && !Files.exists(Path.of(what));
  }

  /** The rollout that is named. */
  String id() {
    return what;
  }

  private @Nullable Path file() {
    if (plan != null) {
      return plan;
    }
    Path named = Path.of(what);
    if (Files.isRegularFile(named)) {
      return named;
    }
    if (what.endsWith(".yaml") || what.endsWith(".yml") || what.endsWith(".json")) {
      throw new UserError(what + ": no such file");
    }
    return null;
  }

  private static ObjectNode parse(@Nullable Path file, String text) {
    try {
      if (YAML.readTree(text) instanceof ObjectNode document) {
        return document;
      }
    } catch (JsonProcessingException e) {
      // Said below, in the words that are used everywhere for plans.
    }
    check(String.valueOf(file), text, List.of());
    throw new UserError(file + ": not a plan (expected: fields such as release and stages)");
  }

  private static void check(String file, String text, List<String> overridden) {
    try {
      var document = PlanFormat.parse(text);
      document.takeFlag("start");
      PlanFormat.read(document);
    } catch (InvalidDocument e) {
      List<FieldError> errors =
          e.errors().stream().filter(error -> !overridden.contains(error.field())).toList();
      if (!errors.isEmpty()) {
        throw new UserError(
            "the plan can't be used\n"
                + errors.stream()
                    .map(error -> line(file, error))
                    .collect(Collectors.joining("\n")));
      }
    }
  }

  private static String line(String file, FieldError error) {
    String where = file.isEmpty() ? "" : file + ":" + (error.line() > 0 ? error.line() + ":" : "");
    return where + (where.isEmpty() ? "" : " ") + error.field() + ": " + error.message();
  }
}
