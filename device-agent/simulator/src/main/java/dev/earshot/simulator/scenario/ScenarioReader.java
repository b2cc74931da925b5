package dev.earshot.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.protocol.document.Fields;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.scenario.Scenario.Arrival;
import dev.earshot.simulator.scenario.Scenario.PlannedRollout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a scenario of a document; what is wrong is noted there, and the default stands in. */
final class ScenarioReader {
  private static final ReleaseRef USUAL_RELEASE = new ReleaseRef("hey-nova", "1.0.0");
  private static final Duration USUAL_START_OF_ROLLOUTS = Duration.ofHours(1);
  private static final int USUAL_DEVICES = 100;

  private ScenarioReader() {}

  static Scenario scenario(Fields fields) {
    Scenario usual = Scenario.standard(USUAL_DEVICES, USUAL_RELEASE);
    String name = fields.text("name", "scenario");
    long seed = fields.wholeNumber("seed", usual.seed());
    String fleet = fields.text("fleet", usual.fleet());
    ReleaseRef release = fields.parsed("release", ReleaseRef::parse, USUAL_RELEASE);
    Duration duration = fields.duration("duration", usual.duration());
    Duration heartbeat = fields.duration("heartbeat", usual.heartbeatInterval());
    Arrival arrival = arrival(fields.object("arrival"));
    List<DeviceGroup> groups = groups(fields, usual.groups());
    List<Fault> faults = new ArrayList<>();
    for (Fields fault : orEmpty(fields.objects("faults"))) {
      faults.add(FaultReader.fault(fault, duration));
    }
    List<Regression> regressions = new ArrayList<>();
    for (Fields regression : orEmpty(fields.objects("regressions"))) {
      regressions.add(regression(regression));
    }
    List<PlannedRollout> rollouts = rollouts(fields);
    List<Expectation> expectations = expectations(fields);
    return fields.build(
        () ->
            new Scenario(
                name,
                seed,
                fleet,
                release,
                duration,
                heartbeat,
                arrival,
                groups,
                faults,
                regressions,
                rollouts,
                expectations),
        usual);
  }

  private static Arrival arrival(Fields fields) {
    Arrival usual = Arrival.STANDARD;
    Arrival.Shape shape = fields.word("shape", ScenarioWords.SHAPES, usual.shape());
    Duration over = fields.duration("over", usual.over());
    int perSecond = fields.integer("per_second", usual.perSecond());
    return fields.build(() -> new Arrival(shape, over, perSecond), usual);
  }

  private static List<DeviceGroup> groups(Fields fields, List<DeviceGroup> usual) {
    List<Fields> list = fields.objects("groups");
    if (list == null) {
      return usual;
    }
    List<DeviceGroup> groups = new ArrayList<>();
    for (Fields group : list) {
      groups.add(GroupReader.group(group, "group-" + (groups.size() + 1)));
    }
    return groups;
  }

  private static Regression regression(Fields fields) {
    fields.requiredText("release");
    ReleaseRef release = fields.parsed("release", ReleaseRef::parse, USUAL_RELEASE);
    Regression.Metric metric =
        fields.word("metric", ScenarioWords.METRICS, Regression.Metric.FALSE_ACCEPTS);
    double factor = fields.number("factor", metric.usual());
    List<Environment> environments = fields.words("environments", ScenarioWords.ENVIRONMENTS);
    Set<Environment> where = Set.copyOf(orEmpty(environments));
    return fields.build(
        () -> new Regression(release, metric, factor, where),
        new Regression(release, metric, metric.usual(), where));
  }

  private static List<PlannedRollout> rollouts(Fields fields) {
    List<PlannedRollout> rollouts = new ArrayList<>();
    for (Fields rollout : orEmpty(fields.objects("rollouts"))) {
      String id = rollout.text("id", "rollout-" + (rollouts.size() + 1));
      Duration at = rollout.duration("at", USUAL_START_OF_ROLLOUTS);
      String plan = plan(rollout);
      rollouts.add(
          rollout.build(
              () -> new PlannedRollout(id, at, plan),
              new PlannedRollout("none", Duration.ZERO, plan)));
    }
    return rollouts;
  }

  /**
   * A plan as the rollout service takes it, behind as many empty lines as stand before it here: so
   * its own errors name the lines of the scenario. A text in a block begins below its field's name;
   * named fields become JSON on that line.
   */
  private static String plan(Fields rollout) {
    JsonNode plan = rollout.raw("plan");
    int line = rollout.line("plan");
    if (plan.isMissingNode()) {
      rollout.error("plan", "missing (expected: a plan, with fields such as release and cohort)");
    } else if (plan.isTextual() && !plan.textValue().isBlank()) {
      boolean isBlock = plan.textValue().contains("\n");
      return "\n".repeat(Math.max(0, isBlock ? line : line - 1)) + plan.textValue();
    } else if (plan.isObject() && !plan.isEmpty()) {
      return "\n".repeat(Math.max(0, line - 1)) + plan;
    } else {
      rollout.error("plan", plan + " (expected: a plan, with fields such as release and cohort)");
    }
    return "none";
  }

  /** A list of lines, or a text of them with semicolons between. */
  private static List<Expectation> expectations(Fields fields) {
    JsonNode written = fields.raw("expect");
    List<String> lines = new ArrayList<>();
    if (written.isTextual()) {
      for (String line : written.textValue().split("[;\n]", -1)) {
        if (!line.isBlank()) {
          lines.add(line.strip());
        }
      }
    } else {
      lines.addAll(orEmpty(fields.texts("expect")));
    }
    List<Expectation> expectations = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      try {
        expectations.add(ExpectationParser.parse(lines.get(i)));
      } catch (IllegalArgumentException e) {
        fields.error(
            written.isTextual() ? "expect" : "expect[" + i + "]", String.valueOf(e.getMessage()));
        expectations.add(new Expectation.Figure(lines.get(i), "", "=", 0)); // keeps the count
      }
    }
    return expectations;
  }

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
