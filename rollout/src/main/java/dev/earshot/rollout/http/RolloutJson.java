package dev.earshot.rollout.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.Census;
import dev.earshot.protocol.v1.PartitionSummary;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutPhase;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.protocol.v1.StateCount;
import dev.earshot.protocol.v1.WaitCount;
import dev.earshot.rollout.control.ControlPlane.Assigned;
import dev.earshot.rollout.control.ControlPlane.Entry;
import dev.earshot.rollout.control.Words;
import dev.earshot.rollout.lifecycle.Updates;
import dev.earshot.rollout.lifecycle.Waits;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rollouts as operators read them. Instants are the fleet's time, ISO 8601. */
final class RolloutJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RolloutJson() {}

  /** The whole rollout. */
  static ObjectNode rollout(RolloutSnapshot snapshot) {
    ObjectNode node = summary(snapshot);
    JsonNode plan = parse(snapshot.getPlan());
    node.set("plan", plan);
    node.set("stages", stages(snapshot, plan));
    PartitionSummary progress = snapshot.getProgress();
    node.putObject("control").put("running", progress.getControlRunning());
    node.putObject("rollback")
        .put("reverting", progress.getReverting())
        .put("reverted", progress.getReverted())
        .put("unreachable", progress.getUnreachable())
        .put("stranded", progress.getStranded());
    ArrayNode deferred = node.putArray("deferred");
    Waits.reasons(progress.getWaitsList())
        .forEach(
            (reason, devices) ->
                deferred.addObject().put("reason", reason).put("devices", devices));
    node.set("gates", parse(snapshot.getGates()));
    if (snapshot.hasCensus()) {
      node.set("census", census(snapshot.getCensus()));
    }
    return node;
  }

  /** What a list shows. */
  static ObjectNode summary(RolloutSnapshot snapshot) {
    RolloutPhase phase = snapshot.getPhase();
    PartitionSummary progress = snapshot.getProgress();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", snapshot.getRollout())
        .put("revision", snapshot.getRevision())
        .put("release", snapshot.getTarget().getRelease())
        .put("cohort", parse(snapshot.getPlan()).path("cohort").asText())
        .put("state", Words.of(phase.getWord()))
        .put("stage", phase.getStage())
        .put("step", step(phase))
        .put("reason", phase.getReason())
        .put("missing", snapshot.getMissing())
        .put("expected_at", known(snapshot.getExpectedMs()))
        .put("created_by", snapshot.getCreatedBy())
        .put("created_at", instant(snapshot.getCreatedAtMs()))
        .put("changed_at", instant(snapshot.getChangedAtMs()))
        .put("released", snapshot.getReleased());
    ObjectNode devices = updates(progress.getTreatedList());
    devices.put("waiting", progress.getTreatedWaiting());
    devices.put(
        "deferred", progress.getWaitsList().stream().mapToLong(WaitCount::getDevices).sum());
    node.set("devices", devices);
    ArrayNode approvers = node.putArray("approved_by");
    phase.getApprovedByList().forEach(approvers::add);
    return node;
  }

  /** An entry of the audit trail, with the sums from which a decision can be computed again. */
  static ObjectNode event(Entry entry) {
    RolloutEvent event = entry.event();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", Long.toString(entry.offset()))
        .put("rollout", event.getRollout())
        .put("at", instant(event.getAtMs()))
        .put("kind", event.getKind())
        .put("actor", event.getActor())
        .put("reason", event.getReason())
        .put("revision", event.getRevision());
    if (!event.getRequestId().isEmpty()) {
      node.put("request_id", event.getRequestId());
    }
    if (!event.getProblem().isEmpty()) {
      node.put("problem", ProblemType.valueOf(event.getProblem()).uri());
    }
    node.set("evidence", parse(event.getEvidence()));
    if (event.getStagesCount() > 0) {
      node.set("sums", SumsJson.of(event.getStagesList()));
    }
    return node;
  }

  static ObjectNode assignment(Assigned assigned) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("device", assigned.device())
        .put("rollout", assigned.assignment().getRollout())
        .put("release", assigned.assignment().getRelease())
        .put("arm", Labels.of(assigned.assignment().getArm()))
        .put("stage", assigned.assignment().getStage())
        .put("state", Words.of(assigned.assignment().getState()))
        .put("offered_at", instant(assigned.assignment().getOfferedAtMs()))
        .put("changed_at", instant(assigned.assignment().getChangedAtMs()))
        .put("result", assigned.assignment().getResultValue())
        .put("text", assigned.assignment().getText());
  }

  static byte[] bytes(JsonNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can be written", e);
    }
  }

  private static ArrayNode stages(RolloutSnapshot snapshot, JsonNode plan) {
    ArrayNode stages = JsonNodeFactory.instance.arrayNode();
    int number = 0;
    for (JsonNode stage : plan.path("stages")) {
      number++;
      int current = number;
      List<StateCount> drawn =
          snapshot.getProgress().getTreatedList().stream()
              .filter(count -> count.getStage() == current)
              .toList();
      ObjectNode node = updates(drawn);
      node.put("stage", number);
      node.setAll((ObjectNode) stage);
      stages.add(node);
    }
    return stages;
  }

  private static ObjectNode updates(List<StateCount> counts) {
    Updates updates = Updates.of(counts);
    return JsonNodeFactory.instance
        .objectNode()
        .put("ok", updates.committed())
        .put("failed", updates.failed())
        .put("silent", updates.silent())
        .put("pending", updates.pending());
  }

  private static ObjectNode census(Census census) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("known", census.getKnown())
            .put("reachable", census.getReachable());
    ArrayNode excluded = node.putArray("excluded");
    for (Census.Exclusion each : census.getExcludedList()) {
      excluded.addObject().put("reason", each.getReason()).put("devices", each.getDevices());
    }
    return node;
  }

  private static String step(RolloutPhase phase) {
    return switch (phase.getWord()) {
      case RUNNING, PAUSED ->
          phase.getProven() ? "awaiting_approval" : phase.getSoaking() ? "soaking" : "offering";
      case DRAFT,
          AWAITING_APPROVAL,
          SCHEDULED,
          ROLLING_BACK,
          ROLLED_BACK,
          SUCCEEDED,
          CANCELLED,
          WORD_UNSPECIFIED,
          UNRECOGNIZED ->
          "";
    };
  }

  private static @Nullable String known(long millis) {
    return millis == 0 ? null : instant(millis);
  }

  private static String instant(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  private static JsonNode parse(String json) {
    try {
      return json.isEmpty() ? JsonNodeFactory.instance.arrayNode() : JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the service wrote this JSON itself", e);
    }
  }
}
