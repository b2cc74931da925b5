package dev.earshot.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.protocol.v1.StateCount;
import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.control.Words;
import dev.earshot.rollout.lifecycle.Phases;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where each release's newest rollout stands, read from the control plane at every scrape. Labels
 * are releases, their newest rollout, and words of closed sets.
 */
final class RolloutMetrics extends Collector {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ControlPlane plane;
  private final DecisionCounts decisions;

  RolloutMetrics(ControlPlane plane) {
    this.plane = plane;
    this.decisions = new DecisionCounts(plane);
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Progress progress = new Progress();
    GateMetrics gates = new GateMetrics();
    CounterMetricFamily decided =
        new CounterMetricFamily(
            "earshot_rollout_decisions",
            "Entries of the newest rollout's audit trail, by kind",
            List.of("release", "rollout", "kind"));
    decisions.read();
    for (RolloutSnapshot snapshot : newest(plane.rollouts())) {
      String release = snapshot.getTarget().getRelease();
      String rollout = snapshot.getRollout();
      progress.add(release, rollout, snapshot);
      gates(snapshot).forEach(gate -> gates.add(release, rollout, gate));
      decisions
          .of(rollout)
          .forEach((kind, count) -> decided.addMetric(List.of(release, rollout, kind), count));
    }
    List<MetricFamilySamples> families = progress.families();
    families.addAll(gates.families());
    families.add(decided);
    return families;
  }

  /** State, stage and updates. */
  private static final class Progress {
    private final GaugeMetricFamily state =
        gauge("state", "1 for the state that the release's newest rollout is in", "state");
    private final GaugeMetricFamily stage = gauge("stage", "Its stage, from 1");
    private final GaugeMetricFamily released =
        gauge("released_ratio", "Share of its stage's clocks started");
    private final GaugeMetricFamily devices =
        gauge("devices", "Treated devices by state of their update", "state");
    private final GaugeMetricFamily control = gauge("control_devices", "Devices held back");

    void add(String release, String rollout, RolloutSnapshot snapshot) {
      state.addMetric(List.of(release, rollout, Phases.read(snapshot.getPhase()).word()), 1);
      stage.addMetric(List.of(release, rollout), snapshot.getPhase().getStage());
      released.addMetric(List.of(release, rollout), snapshot.getReleased());
      control.addMetric(List.of(release, rollout), snapshot.getProgress().getControlRunning());
      Map<String, Integer> byState = new TreeMap<>();
      for (StateCount count : snapshot.getProgress().getTreatedList()) {
        byState.merge(Words.of(count.getState()), count.getDevices(), Integer::sum);
      }
      byState.forEach((word, number) -> devices.addMetric(List.of(release, rollout, word), number));
    }

    List<MetricFamilySamples> families() {
      return new ArrayList<>(List.of(state, stage, released, devices, control));
    }

    private static GaugeMetricFamily gauge(String name, String help, String... labels) {
      return GateMetrics.gauge(name, help, labels);
    }
  }

  private static Collection<RolloutSnapshot> newest(Collection<RolloutSnapshot> all) {
    Map<String, RolloutSnapshot> byRelease = new HashMap<>();
    for (RolloutSnapshot snapshot : all) {
      byRelease.merge(
          snapshot.getTarget().getRelease(),
          snapshot,
          (a, b) -> a.getCreatedAtMs() >= b.getCreatedAtMs() ? a : b);
    }
    return byRelease.values();
  }

  private static JsonNode gates(RolloutSnapshot snapshot) {
    try {
      String gates = snapshot.getGates();
      return JSON.readTree(gates.isEmpty() ? "[]" : gates);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the service wrote this JSON itself", e);
    }
  }
}
