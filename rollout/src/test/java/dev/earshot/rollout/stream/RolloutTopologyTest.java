package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.stream.TestDevice.Manner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RolloutTopologyTest {
  private static final String PLAN =
      """
      release: hey-nova:1.1.0
      cohort: device.chip == "ndp120" && device.region == "eu"
      stages:
        - {percent: 20, soak: 2h, margin: 2.0}
        - {percent: 50, soak: 2h, margin: 1.5}
      holdback_percent: 10
      offers: {per_minute: 20}
      trial: 10m
      """;

  @TempDir Path directory;

  @Test
  void goodRelease_isPromotedThroughAllStages() {
    try (TestFleet fleet = new TestFleet(directory, 400, 1)) {
      fleet.announceAll();
      fleet.pass(Duration.ofHours(12));
      fleet.create("r1", PLAN);
      assertTrue(
          fleet.reaches("r1", "succeeded", Duration.ofDays(3)),
          () -> fleet.snapshot("r1").toString());
      assertEquals(
          List.of("created", "started", "offers_done", "stage_passed", "offers_done", "succeeded"),
          fleet.kinds());
      fleet.pass(TestFleet.STEP);
      long updated =
          fleet.devices.values().stream()
              .filter(device -> device.active.equals(TestFleet.NEW))
              .count();
      assertTrue(updated > 160 && updated < 240, "half of 400 devices: " + updated);
      assertEquals(updated, fleet.assigned(AssignmentState.ASSIGNMENT_COMMITTED));
      assertEquals(
          400 - updated,
          fleet.assigned(AssignmentState.ASSIGNMENT_SUPERSEDED),
          "control devices are let go");
    }
  }

  @Test
  void worseRelease_isRolledBackAndEveryTreatedDeviceIsToldOnce() {
    try (TestFleet fleet = new TestFleet(directory, 400, 2)) {
      fleet.behaviour.put(TestFleet.NEW, TestBehaviour.USUAL.falseAccepts(3.0));
      fleet.announceAll();
      fleet.pass(Duration.ofHours(12));
      fleet.create("r1", PLAN);
      assertTrue(
          fleet.reaches("r1", "rolled_back", Duration.ofDays(3)),
          () -> fleet.snapshot("r1").toString());
      RolloutEvent stop = fleet.event("rollback_started");
      assertEquals("gate", stop.getActor());
      assertTrue(stop.getReason().startsWith("false accepts: "), stop.getReason());
      assertTrue(stop.getEvidence().contains("\"metric\":\"false_accepts\""), stop.getEvidence());
      Set<String> ids = new HashSet<>();
      for (DeviceCommand command : fleet.commands) {
        assertTrue(ids.add(command.getCommandId()), "told twice: " + command);
      }
      assertEquals(
          fleet.commands.size() / 2, fleet.assigned(AssignmentState.ASSIGNMENT_ROLLED_BACK));
      fleet
          .devices
          .values()
          .forEach(
              device -> {
                assertEquals(TestFleet.OLD, device.active);
                if (!device.told.isEmpty()) {
                  assertTrue(device.told.getFirst().hasInstall());
                  assertTrue(device.told.getLast().hasRevert());
                  assertEquals(2, device.told.size());
                }
              });
    }
  }

  @Test
  void failingUpdates_stopTheRolloutWithoutAnyHeartbeat() {
    try (TestFleet fleet = new TestFleet(directory, 200, 3)) {
      fleet.devices.values().forEach(device -> device.manner = Manner.FAILING);
      fleet.network = (device, heartbeat) -> {};
      fleet.announceAll();
      fleet.create("r1", PLAN);
      assertTrue(fleet.reaches("r1", "rolled_back", Duration.ofHours(6)));
      RolloutEvent stop = fleet.event("rollback_started");
      assertTrue(
          stop.getReason().startsWith("failed updates: 100.0 % where 5.0 % may"), stop.getReason());
      assertTrue(
          fleet.commands.stream().noneMatch(DeviceCommand::hasRevert),
          "who said that the update failed has nothing to revert");
    }
  }

  @Test
  void silentDevices_countAsFailedAndAreToldToGoBackWhenTheyReturn() {
    String plan = PLAN + "deadlines: {offered: 1h, reverting: 1h}\nheard_within: 30d\n";
    try (TestFleet fleet = new TestFleet(directory, 200, 4)) {
      fleet.devices.values().forEach(device -> device.manner = Manner.SILENT);
      fleet.network = (device, heartbeat) -> {};
      fleet.announceAll();
      fleet.create("r1", plan);
      assertTrue(fleet.reaches("r1", "rolled_back", Duration.ofDays(1)));
      assertTrue(fleet.snapshot("r1").getProgress().getUnreachable() > 0);
      TestDevice late =
          fleet.devices.values().stream()
              .filter(device -> !device.told.isEmpty())
              .findFirst()
              .orElseThrow();
      late.manner = Manner.OBEDIENT;
      late.active = TestFleet.NEW;
      int before = late.told.size();
      fleet.announce(late);
      assertEquals(before + 1, late.told.size());
      assertTrue(late.told.getLast().hasRevert(), "a rollback is never forgotten");
      assertEquals(TestFleet.OLD, late.active);
    }
  }

  @Test
  void pausedRollout_tellsNobodyUntilItIsResumed() {
    try (TestFleet fleet = new TestFleet(directory, 200, 5)) {
      fleet.announceAll();
      fleet.create("r1", PLAN.replace("{per_minute: 20}", "{per_minute: 0.5}"));
      fleet.pass(Duration.ofHours(1));
      RolloutRequest.Builder pause = fleet.order("r1").setReason("lunch");
      fleet.request(pause.setPause(RolloutRequest.Pause.getDefaultInstance()).build());
      assertEquals("paused", fleet.word("r1"));
      fleet.pass(TestFleet.STEP);
      int told = fleet.commands.size();
      assertTrue(told > 0 && told < 40, "told before the pause: " + told);
      fleet.pass(Duration.ofHours(5));
      assertEquals(told, fleet.commands.size());
      fleet.request(
          fleet.order("r1").setResume(RolloutRequest.Resume.getDefaultInstance()).build());
      fleet.pass(Duration.ofHours(2));
      assertTrue(fleet.commands.size() > told);
    }
  }

  @Test
  void rolloutRemovedFromItsTopic_isUnknownToTheDevicesSide() {
    try (TestFleet fleet = new TestFleet(directory, 1, 11)) {
      fleet.publish("preview-1", RolloutSnapshot.newBuilder().setRollout("preview-1").build());
      assertTrue(fleet.knows("preview-1"));
      fleet.publish("preview-1", null);
      assertFalse(fleet.knows("preview-1"));
    }
  }

  @Test
  void staleRevision_isRefused() {
    try (TestFleet fleet = new TestFleet(directory, 1, 6)) {
      fleet.create("r1", PLAN);
      fleet.request(
          fleet
              .order("r1")
              .setExpectedRevision(1)
              .setPause(RolloutRequest.Pause.getDefaultInstance())
              .build());
      assertEquals("running", fleet.word("r1"));
      assertEquals("PRECONDITION_FAILED", fleet.events.getLast().getProblem());
      assertEquals("revision 1 was changed; it is 2 now", fleet.events.getLast().getReason());
    }
  }

  @Test
  void abortedRollout_takesTheReleaseBackAndTheNextOneGoesOn() {
    try (TestFleet fleet = new TestFleet(directory, 60, 7)) {
      fleet.announceAll();
      fleet.create("r1", PLAN);
      fleet.pass(Duration.ofHours(2));
      fleet.request(
          fleet
              .order("r1")
              .setReason("wrong audio")
              .setAbort(RolloutRequest.Abort.getDefaultInstance())
              .build());
      assertTrue(fleet.reaches("r1", "rolled_back", Duration.ofHours(3)));
      fleet.devices.values().forEach(device -> assertEquals(TestFleet.OLD, device.active));
      fleet.create("r2", PLAN);
      fleet.pass(Duration.ofHours(2));
      long inSecond =
          fleet.assignments.values().stream()
              .filter(assignment -> assignment.getRollout().equals("r2"))
              .count();
      assertEquals(60, inSecond, "every device has its clock started in one arm or the other");
    }
  }

  @Test
  void duplicatedAndReorderedHeartbeats_changeNothing() {
    assertEquals(evidence(8, false), evidence(8, true));
  }

  @Test
  void unansweredCommand_isRepeatedWithTheSameIdWhenTheDeviceIsHeard() {
    try (TestFleet fleet = new TestFleet(directory, 30, 9)) {
      fleet.devices.values().forEach(device -> device.manner = Manner.SILENT);
      fleet.announceAll();
      fleet.create("r1", PLAN);
      fleet.pass(Duration.ofHours(1));
      TestDevice told =
          fleet.devices.values().stream()
              .filter(device -> !device.told.isEmpty())
              .findFirst()
              .orElseThrow();
      int before = told.told.size();
      fleet.announce(told);
      assertEquals(before + 1, told.told.size());
      assertEquals(
          told.told.getFirst().toBuilder().clearDirector().build(),
          told.told.getLast().toBuilder().clearDirector().build(),
          "says the same");
      assertTrue(
          !told.told.getFirst().getDirector().equals(told.told.getLast().getDirector()),
          "by a new order");
      fleet.announce(told);
      assertEquals(before + 1, told.told.size(), "not twice at once");
    }
  }

  @Test
  void unknownBaseline_isLeftAlone() {
    try (TestFleet fleet = new TestFleet(directory, 30, 10)) {
      fleet.devices.values().forEach(device -> device.active = "hey-nova:0.9.0");
      fleet.announceAll();
      fleet.create("r1", PLAN);
      fleet.pass(Duration.ofHours(2));
      assertTrue(fleet.commands.isEmpty(), "there would be no way back");
      assertEquals("no reachable device is in the cohort", fleet.snapshot("r1").getMissing());
    }
  }

  /** The gates' numbers after a day, with a network that behaves or one that does not. */
  private String evidence(long seed, boolean wild) {
    try (TestFleet fleet = new TestFleet(directory.resolve("wild-" + wild), 100, seed)) {
      Map<TestDevice, Heartbeat> held = new HashMap<>();
      Map<TestDevice, Long> received = new HashMap<>();
      if (wild) {
        // Every other heartbeat of a device overtakes the one before it, and comes twice.
        fleet.network =
            (device, heartbeat) -> {
              Heartbeat before = held.remove(device);
              if (before == null) {
                held.put(device, heartbeat);
                received.put(device, fleet.machine.millis());
                return;
              }
              fleet.deliver(device, heartbeat);
              fleet.deliver(device, before, received.getOrDefault(device, 0L));
              fleet.deliver(device, heartbeat);
            };
      }
      fleet.announceAll();
      fleet.pass(Duration.ofHours(6));
      fleet.create("r1", PLAN.replace("margin: 2.0", "margin: 1.01"));
      fleet.pass(Duration.ofHours(12));
      held.forEach(
          (device, heartbeat) ->
              fleet.deliver(device, heartbeat, received.getOrDefault(device, 0L)));
      fleet.network = (device, heartbeat) -> {};
      fleet.pass(Duration.ofHours(1));
      return fleet.snapshot("r1").getGates();
    }
  }
}
