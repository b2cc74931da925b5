package dev.earshot.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutPhase;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.protocol.v1.RolloutTarget;
import dev.earshot.rollout.http.FakeControlPlane;
import io.prometheus.client.CollectorRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RolloutMetricsTest {
  private static final String GATES =
      """
      [{"metric": "false_accepts", "question": "non_inferiority", "limit": 1.5, "verdict": "undecided",
        "log_e": 0.5, "log_threshold": 3.0, "estimate": 0.8, "low": 0.5, "high": 1.3, "missing_hours": 2.5,
        "strata": [{"stratum": "pooled", "estimate": 0.8, "low": 0.5, "high": 1.3},
                   {"stratum": "car", "estimate": 1.1, "low": 0.7, "high": 1.9},
                   {"stratum": "stadium", "estimate": 3.0, "low": null, "high": null}]},
       {"metric": "crashes", "question": "harm", "limit": 1, "verdict": "undecided",
        "log_e": 0, "log_threshold": 6.5, "estimate": null, "low": null, "high": null, "strata": []}]
      """;

  private final FakeControlPlane plane = new FakeControlPlane();
  private final CollectorRegistry registry = new CollectorRegistry();

  RolloutMetricsTest() {
    new RolloutMetrics(plane).register(registry);
  }

  @Test
  void gate_showsItsEstimateWithBoundsAndThePlansMargin() {
    plane.show(rollout("r-1", 1));
    List<String> labels = List.of("r-1", "false_accepts", "non_inferiority");
    assertEquals(0.8, gate("estimate_ratio", labels));
    assertEquals(0.5, gate("low_ratio", labels));
    assertEquals(1.3, gate("high_ratio", labels));
    assertEquals(1.5, gate("limit_ratio", labels));
    assertEquals(2.5, gate("missing_hours", labels));
  }

  @Test
  void gateThatKnowsNothing_exportsNoEstimate() {
    plane.show(rollout("r-1", 1));
    assertNull(gate("estimate_ratio", List.of("r-1", "crashes", "harm")));
    assertEquals(0.0, gate("log_e", List.of("r-1", "crashes", "harm")));
  }

  @Test
  void environment_hasBoundsOnlyWhenItCountsByItself() {
    plane.show(rollout("r-1", 1));
    assertEquals(1.1, environment("estimate_ratio", "car"));
    assertEquals(1.9, environment("high_ratio", "car"));
    assertEquals(3.0, environment("estimate_ratio", "stadium"));
    assertNull(environment("high_ratio", "stadium"));
    assertNull(environment("estimate_ratio", "pooled"), "pooled is the gate's own estimate");
  }

  @Test
  void onlyTheNewestRolloutOfARelease_isShown() {
    plane.show(rollout("r-1", 1));
    plane.show(rollout("r-2", 2));
    assertNull(gate("log_e", List.of("r-1", "crashes", "harm")));
    assertEquals(0.0, gate("log_e", List.of("r-2", "crashes", "harm")));
  }

  @Test
  void decisions_areCountedOnce_howeverOftenTheyAreRead() {
    plane.show(rollout("r-1", 1));
    plane.note(event("r-1", "created"));
    assertEquals(0.0, decisions("started"), "there before it happens");
    plane.note(event("r-1", "started"));
    plane.note(event("r-1", "stage_passed"));
    plane.note(event("r-1", "stage_passed"));
    assertEquals(1.0, decisions("started"));
    assertEquals(2.0, decisions("stage_passed"));
    assertEquals(2.0, decisions("stage_passed"));
  }

  private @Nullable Double gate(String name, List<String> labels) {
    return registry.getSampleValue(
        "earshot_rollout_gate_" + name,
        new String[] {"release", "rollout", "metric", "question"},
        new String[] {"nova:1.2.0", labels.get(0), labels.get(1), labels.get(2)});
  }

  private @Nullable Double environment(String name, String environment) {
    return registry.getSampleValue(
        "earshot_rollout_gate_environment_" + name,
        new String[] {"release", "rollout", "metric", "question", "environment"},
        new String[] {"nova:1.2.0", "r-1", "false_accepts", "non_inferiority", environment});
  }

  private @Nullable Double decisions(String kind) {
    return registry.getSampleValue(
        "earshot_rollout_decisions_total",
        new String[] {"release", "rollout", "kind"},
        new String[] {"nova:1.2.0", "r-1", kind});
  }

  private static RolloutSnapshot rollout(String id, long createdAt) {
    return RolloutSnapshot.newBuilder()
        .setRollout(id)
        .setCreatedAtMs(createdAt)
        .setTarget(RolloutTarget.newBuilder().setRelease("nova:1.2.0"))
        .setPhase(RolloutPhase.newBuilder().setWord(RolloutPhase.Word.DRAFT))
        .setGates(GATES)
        .build();
  }

  private static RolloutEvent event(String rollout, String kind) {
    return RolloutEvent.newBuilder().setRollout(rollout).setKind(kind).build();
  }
}
