package dev.earshot.simulator.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.simulator.verify.Verification;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The report as JSON, version {@value #VERSION}: members are added, never removed or given another
 * meaning, without another version. It holds no time of the machine: the same run gives the same
 * bytes.
 */
public final class JsonReport {
  /** Of the document's shape. */
  public static final int VERSION = 1;

  private static final ObjectWriter JSON =
      JsonMapper.builder().build().writerWithDefaultPrettyPrinter();
  private static final double MILLIS_PER_SECOND = 1000;

  private JsonReport() {}

  /** The document. */
  public static String write(RunReport report) {
    try {
      return JSON.writeValueAsString(tree(report)) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  private static ObjectNode tree(RunReport report) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", VERSION)
        .put("scenario", report.scenario().name())
        .put("seed", report.scenario().seed())
        .put("mode", report.virtual() ? "virtual" : "real")
        .put("duration_seconds", report.scenario().duration().toMillis() / MILLIS_PER_SECOND)
        .put("passes", report.passes());
    report.hash().ifPresent(hash -> root.put("event_log_sha256", hash));
    ObjectNode figures = root.putObject("figures");
    report
        .figures()
        .values()
        .forEach((figure, value) -> number(figures, figure.title(), value));
    rollouts(root.putArray("rollouts"), report);
    ArrayNode expectations = root.putArray("expectations");
    for (Checked one : report.expectations()) {
      expectations
          .addObject()
          .put("expect", one.expectation().text())
          .put("holds", one.holds())
          .put("found", one.found());
    }
    report
        .verification()
        .ifPresent(compared -> verification(root.putObject("verification"), compared));
    return root;
  }

  private static void rollouts(ArrayNode into, RunReport report) {
    Set<String> ids = new LinkedHashSet<>();
    report.moves().forEach(move -> ids.add(move.rollout()));
    for (String id : ids) {
      ObjectNode rollout = into.addObject().put("id", id);
      ArrayNode states = rollout.putArray("states");
      for (RolloutMove move : report.moves()) {
        if (move.rollout().equals(id)) {
          rollout.put("state", move.state());
          states
              .addObject()
              .put("state", move.state())
              .put("stage", move.stage())
              .put("at_seconds", move.at().toMillis() / MILLIS_PER_SECOND);
        }
      }
    }
  }

  private static void verification(ObjectNode into, Verification compared) {
    into.put("holds", compared.holds()).put("exact", compared.isExact()).put("rule", compared.rule());
    ArrayNode lines = into.putArray("lines");
    for (Verification.Line line : compared.lines()) {
      ObjectNode node =
          lines
              .addObject()
              .put("release", line.release())
              .put("environment", line.environment())
              .put("figure", line.figure())
              .put("happened", line.happened())
              .put("acknowledged", line.acknowledged());
      for (int i = 0; i < compared.columns().size(); i++) {
        if (line.counted().get(i) >= 0) {
          node.put(compared.columns().get(i), line.counted().get(i));
        }
      }
      if (!line.problem().isEmpty()) {
        node.put("problem", line.problem());
      }
    }
    ArrayNode remarks = into.putArray("remarks");
    compared.remarks().forEach(remarks::add);
  }

  private static void number(ObjectNode into, String name, double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      into.put(name, (long) value);
    } else {
      into.put(name, value);
    }
  }
}
