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
import io.prometheus.client.GaugeMetricFamily;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where each release's newest rollout stands, read from the control plane at every scrape. Labels
 * are releases and words of closed sets.
 */
final class RolloutMetrics extends Collector {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ControlPlane plane;

  RolloutMetrics(ControlPlane plane) {
    this.plane = plane;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily state =
        gauge("state", "1 for the state that the release's newest rollout is in", "state");
    GaugeMetricFamily stage = gauge("stage", "Its stage, from 1");
    GaugeMetricFamily released = gauge("released_ratio", "Share of its stage's clocks started");
    GaugeMetricFamily devices =
        gauge("devices", "Treated devices by state of their update", "state");
    GaugeMetricFamily control = gauge("control_devices", "Devices held back");
    GaugeMetricFamily logE = gauge("gate_log_e", "ln e of a gate", "metric", "question");
    GaugeMetricFamily threshold =
        gauge("gate_log_threshold", "What ln e must reach", "metric", "question");
    GaugeMetricFamily estimate =
        gauge("gate_estimate_ratio", "Rate ratio, or share of updates", "metric", "question");
    for (RolloutSnapshot snapshot : newest(plane.rollouts())) {
      String release = snapshot.getTarget().getRelease();
      state.addMetric(List.of(release, Phases.read(snapshot.getPhase()).word()), 1);
      stage.addMetric(List.of(release), snapshot.getPhase().getStage());
      released.addMetric(List.of(release), snapshot.getReleased());
      control.addMetric(List.of(release), snapshot.getProgress().getControlRunning());
      addDevices(devices, release, snapshot);
      for (JsonNode gate : gates(snapshot)) {
        List<String> labels =
            List.of(release, gate.path("metric").asText(), gate.path("question").asText());
        logE.addMetric(labels, gate.path("log_e").asDouble());
        threshold.addMetric(labels, gate.path("log_threshold").asDouble());
        if (gate.path("estimate").isNumber()) {
          estimate.addMetric(labels, gate.path("estimate").asDouble());
        }
      }
    }
    return List.of(state, stage, released, devices, control, logE, threshold, estimate);
  }

  private static void addDevices(
      GaugeMetricFamily devices, String release, RolloutSnapshot snapshot) {
    Map<String, Integer> byState = new TreeMap<>();
    for (StateCount count : snapshot.getProgress().getTreatedList()) {
      byState.merge(Words.of(count.getState()), count.getDevices(), Integer::sum);
    }
    byState.forEach((word, number) -> devices.addMetric(List.of(release, word), number));
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

  private static GaugeMetricFamily gauge(String name, String help, String... labels) {
    String[] all = new String[labels.length + 1];
    all[0] = "release";
    System.arraycopy(labels, 0, all, 1, labels.length);
    return new GaugeMetricFamily("earshot_rollout_" + name, help, Arrays.asList(all));
  }
}
