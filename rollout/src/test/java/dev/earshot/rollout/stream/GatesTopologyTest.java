package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.rollout.lifecycle.GateReport;
import dev.earshot.rollout.lifecycle.Recomputation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each gate in a whole rollout: it stops the harm that it is for, and what it says adds up. */
final class GatesTopologyTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PLAN =
      """
      release: hey-nova:1.1.0
      cohort: device.region == "eu"
      stages:
        - {percent: 30, soak: 6h, margin: 2.0}
        - {percent: 100, soak: 6h, margin: 1.5}
      offers: {per_minute: 100}
      trial: 0s
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "power, 1.3 0.2 0.001 0",
    "battery, 1.0 0.3 0.001 0",
    "crashes, 1.0 0.2 0.2 0",
    "silence, 1.0 0.2 0.001 0.4"
  })
  void harmInOneMetric_isFoundByItsGateAndRollsBack(String metric, String behaviour) {
    String[] numbers = behaviour.split(" ", -1);
    try (TestFleet fleet = new TestFleet(directory, 400, 21)) {
      fleet.behaviour.put(
          TestFleet.NEW,
          TestBehaviour.USUAL
              .power(Double.parseDouble(numbers[0]))
              .drain(Double.parseDouble(numbers[1]))
              .reboots(Double.parseDouble(numbers[2]))
              .vanishing(Double.parseDouble(numbers[3])));
      fleet.announceAll();
      fleet.pass(Duration.ofHours(24));
      fleet.create("r1", PLAN);
      assertTrue(
          fleet.reaches("r1", "rolling_back", Duration.ofHours(24)),
          () -> fleet.snapshot("r1").getGates());
      RolloutEvent stop = fleet.event("rollback_started");
      assertEquals("gate", stop.getActor());
      assertTrue(stop.getReason().startsWith(metric + ": "), stop.getReason());
    }
  }

  @Test
  void harmlessRelease_passesAndEveryDecisionCanBeComputedAgain() throws JsonProcessingException {
    try (TestFleet fleet = new TestFleet(directory, 400, 22)) {
      fleet.announceAll();
      fleet.pass(Duration.ofHours(24));
      fleet.create("r1", PLAN);
      assertTrue(
          fleet.reaches("r1", "succeeded", Duration.ofDays(4)),
          () -> fleet.snapshot("r1").getMissing() + fleet.snapshot("r1").getGates());
      int recomputed = 0;
      for (RolloutEvent event : fleet.events) {
        if (event.getStagesCount() > 0 && !event.getEvidence().isEmpty()) {
          List<GateReport> again =
              Recomputation.of(fleet.snapshot("r1").getPlan(), event.getStagesList());
          assertEquals(
              timeless(JSON.readTree(event.getEvidence())),
              timeless(JSON.readTree(JSON.writeValueAsString(again))),
              event.getKind());
          recomputed++;
        }
      }
      assertEquals(
          List.of("created", "started", "offers_done", "stage_passed", "offers_done", "succeeded"),
          fleet.kinds());
      assertEquals(4, recomputed, "all but creation and start");
    }
  }

  @Test
  void everyGate_speaksOfBothArms() throws JsonProcessingException {
    try (TestFleet fleet = new TestFleet(directory, 200, 23)) {
      fleet.announceAll();
      fleet.pass(Duration.ofHours(24));
      fleet.create("r1", PLAN.replace("margin: 2.0", "margin: 1.01"));
      fleet.pass(Duration.ofHours(6));
      ObjectNode gates = gates(fleet);
      assertEquals(
          List.of(
              "false_accepts harm",
              "false_rejects harm",
              "power harm",
              "battery harm",
              "crashes harm",
              "silence harm",
              "failed_updates harm",
              "balance harm",
              "false_accepts non_inferiority"),
          gates.propertyStream().map(Map.Entry::getKey).toList());
      JsonNode power = gates.path("power harm");
      assertEquals(0.14, power.path("control").path("mean").asDouble(), 0.02);
      assertEquals(1, power.path("estimate").asDouble(), 0.1);
      assertTrue(power.path("low").asDouble() < 1 && power.path("high").asDouble() > 1);
      assertEquals(0.2, gates.path("battery harm").path("treated").path("mean").asDouble(), 0.05);
      JsonNode accepts = gates.path("false_accepts harm");
      assertEquals(2, accepts.path("tests").size(), "counts and first events");
      assertTrue(accepts.path("treated").path("exposure").asDouble() > 100);
      assertEquals(0.3, gates.path("balance harm").path("limit").asDouble(), 1e-12);
      JsonNode margin = gates.path("false_accepts non_inferiority");
      assertEquals("undecided", margin.path("verdict").asText());
      assertFalse(accepts.has("harm"), "only what is documented");
    }
  }

  @Test
  void gateThatOnlyPauses_leavesTheDecisionToAnOperator() {
    try (TestFleet fleet = new TestFleet(directory, 400, 24)) {
      fleet.behaviour.put(TestFleet.NEW, TestBehaviour.USUAL.reboots(0.2));
      fleet.announceAll();
      fleet.pass(Duration.ofHours(24));
      fleet.create("r1", PLAN + "gates: {actions: {crashes: pause}}\n");
      assertTrue(fleet.reaches("r1", "paused", Duration.ofHours(24)));
      assertTrue(fleet.event("paused").getReason().startsWith("crashes: "));
      fleet.pass(Duration.ofHours(1));
      assertTrue(fleet.snapshot("r1").getMissing().startsWith("an operator has to decide"));
      assertTrue(fleet.commands.stream().noneMatch(command -> command.hasRevert()));
      fleet.request(
          fleet.order("r1").setResume(RolloutRequest.Resume.getDefaultInstance()).build());
      assertEquals("refused", fleet.events.getLast().getKind(), "the gates are asked first");
      assertEquals("paused", fleet.word("r1"));
    }
  }

  private static ObjectNode gates(TestFleet fleet) throws JsonProcessingException {
    ObjectNode gates = JSON.createObjectNode();
    for (JsonNode gate : JSON.readTree(fleet.snapshot("r1").getGates())) {
      gates.set(gate.path("metric").asText() + " " + gate.path("question").asText(), gate);
    }
    return gates;
  }

  /** A forecast depends on the hour in which it is made. */
  private static JsonNode timeless(JsonNode gates) {
    gates.forEach(gate -> ((ObjectNode) gate).remove("missing_hours"));
    return gates;
  }
}
