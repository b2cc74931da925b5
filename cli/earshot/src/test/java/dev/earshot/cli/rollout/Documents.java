package dev.earshot.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.util.JsonFormat;
import dev.earshot.protocol.v1.ArmSumsMessage;
import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.RolloutMetric;
import dev.earshot.protocol.v1.StageSums;
import dev.earshot.protocol.v1.StateCount;
import dev.earshot.protocol.v1.TestSums;
import dev.earshot.rollout.lifecycle.Recomputation;
import dev.earshot.rollout.plan.PlanFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What a service would answer. */
final class Documents {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String ID = "r-1f0c2ab34d";
  private static final int TREATED = 200;
  private static final int CONTROL = 800;

  private Documents() {}

  static ObjectNode plan() {
    return PlanFormat.write(
        PlanFormat.read(
            "{release: 'hey-nova:1.1.0', cohort: 'true', stages: [{percent: 5, soak: 6h,"
                + " margins: {false_accepts: 1.5}}, {percent: 50}]}"));
  }

  /** A rollout in its first stage, in which treated devices have that many times the events. */
  static ObjectNode rollout(double ratio) {
    ObjectNode rollout = JSON.createObjectNode();
    rollout
        .put("id", ID)
        .put("revision", 3)
        .put("release", "hey-nova:1.1.0")
        .put("cohort", "true")
        .put("state", "running")
        .put("stage", 1)
        .put("step", "soaking")
        .put("reason", "")
        .put("missing", "soaks for 3h more")
        .put("expected_at", "2027-01-31T08:00:00Z");
    rollout.set("plan", plan());
    rollout
        .putObject("devices")
        .put("ok", 40)
        .put("failed", 1)
        .put("silent", 0)
        .put("pending", 4)
        .put("waiting", 5);
    rollout
        .putArray("stages")
        .addObject()
        .put("stage", 1)
        .put("percent", 5.0)
        .put("soak", "6h")
        .put("ok", 40)
        .put("failed", 1)
        .put("silent", 0)
        .put("pending", 4);
    rollout.withArray("/stages").addObject().put("stage", 2).put("percent", 50).put("soak", "12h");
    rollout.putObject("rollback").put("reverting", 0).put("reverted", 0).put("unreachable", 0);
    rollout.set("gates", evidence(sums(ratio)));
    rollout.putArray("approved_by");
    return rollout;
  }

  /** The decision to roll back, with its sums. */
  static ObjectNode decision(double ratio) {
    StageSums sums = sums(ratio);
    ObjectNode event =
        JSON.createObjectNode()
            .put("id", "13")
            .put("rollout", ID)
            .put("at", "2027-01-31T02:00:00Z")
            .put("kind", "rollback_started")
            .put("actor", "gate")
            .put("reason", "false accepts are worse");
    event.set("evidence", evidence(sums));
    try {
      event
          .putArray("sums")
          .add(JSON.readTree(JsonFormat.printer().preservingProtoFieldNames().print(sums)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return event;
  }

  private static JsonNode evidence(StageSums sums) {
    return JSON.valueToTree(Recomputation.of(plan().toString(), List.of(sums)));
  }

  private static StageSums sums(double ratio) {
    StageSums.Builder sums = StageSums.newBuilder().setStage(1);
    for (double theta0 : new double[] {1, 1.5}) {
      sums.addCounts(
          TestSums.newBuilder()
              .setMetric(RolloutMetric.FALSE_ACCEPTS)
              .setEnvironment(Environment.CAR)
              .setTheta0(theta0)
              .setTreated(arm(TREATED, 8 * ratio, 8 * theta0))
              .setControl(arm(CONTROL, 8, 8)));
    }
    return sums.addUpdates(
            StateCount.newBuilder()
                .setStage(1)
                .setState(AssignmentState.ASSIGNMENT_COMMITTED)
                .setDevices(47))
        .build();
  }

  /** Devices that listened 20 h each, with n events each where m were expected. */
  private static ArmSumsMessage arm(int devices, double n, double m) {
    double w = 0.5;
    double spread = 1.5;
    return ArmSumsMessage.newBuilder()
        .setDevices(devices)
        .setExposure(20.0 * devices)
        .setCount(n * devices)
        .setHistoryCount(10.0 * devices)
        .setWM(w * m * devices)
        .setWN(w * n * devices)
        .setW2N2(w * w * n * n * devices * spread)
        .setW2Nm(w * w * n * m * devices)
        .setW2M2(w * w * m * m * devices)
        .build();
  }
}
