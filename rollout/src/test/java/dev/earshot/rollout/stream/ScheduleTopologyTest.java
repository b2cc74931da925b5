package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.Census;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.rollout.stream.TestDevice.Manner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is asked, and when things may happen. */
final class ScheduleTopologyTest {
  private static final String PLAN =
      """
      release: hey-nova:1.1.0
      cohort: device.region == "eu"
      stages:
        - {percent: 30, soak: 2h, margin: 3.0}
        - {percent: 100, soak: 2h, margin: 2.0}
      offers: {per_minute: 100}
      trial: 0s
      """;

  @TempDir Path directory;

  @Test
  void nothingBegins_beforeEnoughOthersHaveApproved() {
    try (TestFleet fleet = new TestFleet(directory, 60, 31)) {
      fleet.announceAll();
      fleet.create("r1", PLAN + "approval: {count: 2, by: [ada, bob, eve]}\n");
      fleet.pass(Duration.ofHours(1));
      assertEquals("awaiting_approval", fleet.word("r1"));
      assertEquals("2 approvals of ada, bob, eve to go", fleet.snapshot("r1").getMissing());

      approve(fleet, "ada");
      assertRefused(fleet, ProblemType.FORBIDDEN, "ada created this rollout");
      approve(fleet, "mallory");
      assertRefused(fleet, ProblemType.FORBIDDEN, "mallory is not among this plan's approvers");
      approve(fleet, "bob");
      approve(fleet, "bob");
      assertRefused(fleet, ProblemType.ILLEGAL_TRANSITION, "bob has approved already");
      fleet.pass(Duration.ofHours(1));
      assertEquals("awaiting_approval", fleet.word("r1"));
      assertTrue(fleet.commands.isEmpty());

      approve(fleet, "eve");
      fleet.pass(Duration.ofHours(1));
      assertEquals("running", fleet.word("r1"));
      assertEquals("approved by bob, eve", fleet.event("started").getReason());
      assertFalse(fleet.commands.isEmpty());
    }
  }

  @Test
  void planThatNobodyElseCouldApprove_isRefused() {
    try (TestFleet fleet = new TestFleet(directory, 10, 39)) {
      fleet.create("r1", PLAN + "approval: {count: 2, by: [ada, bob]}\n");
      assertRefused(fleet, ProblemType.INVALID_REQUEST, "approval.by: names too few people");
      assertTrue(fleet.isForgotten("r1"), "never came to be");
    }
  }

  @Test
  void provenStage_waitsForConsentAndGoesOnListening() {
    try (TestFleet fleet = new TestFleet(directory, 400, 32)) {
      fleet.announceAll();
      fleet.pass(Duration.ofHours(24));
      fleet.create("r1", PLAN + "approval: {count: 1, before: [stages]}\n");
      assertTrue(reachesKind(fleet, "stage_proven", Duration.ofDays(2)));
      long told = fleet.commands.size();
      fleet.pass(Duration.ofHours(6));
      assertEquals(told, fleet.commands.size(), "nobody new is told");
      assertEquals("1 approval to go", fleet.snapshot("r1").getMissing());
      approve(fleet, "bob");
      fleet.pass(Duration.ofHours(2));
      assertEquals("stage 2 was approved by bob", fleet.event("stage_passed").getReason());
      assertTrue(fleet.commands.size() > told);
    }
  }

  @Test
  void harmThatShowsWhileApprovalIsAwaited_stillRollsBack() {
    try (TestFleet fleet = new TestFleet(directory, 400, 33)) {
      fleet.announceAll();
      fleet.pass(Duration.ofHours(24));
      fleet.create("r1", PLAN + "approval: {count: 1, before: [stages]}\n");
      assertTrue(reachesKind(fleet, "stage_proven", Duration.ofDays(2)));
      fleet.behaviour.put(TestFleet.NEW, TestBehaviour.USUAL.falseAccepts(5));
      assertTrue(fleet.reaches("r1", "rolled_back", Duration.ofDays(2)));
    }
  }

  @Test
  void freeze_holdsTheStartAndSaysUntilWhen() {
    try (TestFleet fleet = new TestFleet(directory, 60, 34)) {
      Instant until = fleet.clock.instant().plus(Duration.ofHours(5));
      fleet.announceAll();
      fleet.create(
          "r1",
          PLAN
              + "schedule: {freezes: [{from: %s, until: %s, reason: match day}]}\n"
                  .formatted(fleet.clock.instant().minusSeconds(60), until));
      fleet.pass(Duration.ofHours(4));
      assertEquals("scheduled", fleet.word("r1"));
      assertTrue(fleet.commands.isEmpty());
      fleet.pass(Duration.ofHours(2));
      assertEquals("running", fleet.word("r1"));
      assertFalse(fleet.commands.isEmpty());
      assertTrue(
          fleet.commands.stream()
              .allMatch(command -> command.getIssuedAtMs() >= until.toEpochMilli()));
    }
  }

  @Test
  void devices_areOnlyToldWithinTheirLocalNight() {
    try (TestFleet fleet = new TestFleet(directory, 60, 35)) {
      int i = 0;
      for (TestDevice device : fleet.devices.values()) {
        device.utcOffsetMinutes = i++ % 2 == 0 ? 0 : 12 * 60;
      }
      fleet.announceAll();
      fleet.create("r1", PLAN + "schedule: {windows: [{from: \"01:00\", to: \"05:00\"}]}\n");
      fleet.pass(Duration.ofHours(30));
      assertFalse(fleet.commands.isEmpty());
      Set<Integer> offsets = new HashSet<>();
      for (TestDevice device : fleet.devices.values()) {
        for (DeviceCommand command : device.told) {
          long local = command.getIssuedAtMs() / 60_000 + device.utcOffsetMinutes;
          long hour = Math.floorMod(local / 60, 24);
          assertTrue(hour >= 1 && hour < 5, device.id + " was told at hour " + hour);
          offsets.add(device.utcOffsetMinutes);
        }
      }
      assertEquals(2, offsets.size(), "both halves of the world were told");
    }
  }

  @Test
  void failureThatMayPass_isOrderedAgainUnderANewIdAndCountsOnce() {
    try (TestFleet fleet = new TestFleet(directory, 40, 36)) {
      fleet.devices.values().forEach(device -> device.manner = Manner.FAILING_ONCE);
      fleet.announceAll();
      fleet.create("r1", PLAN + "deadlines: {retries: 1, retry_after: 1h}\n");
      fleet.pass(Duration.ofHours(3));
      List<TestDevice> told =
          fleet.devices.values().stream().filter(device -> !device.told.isEmpty()).toList();
      assertFalse(told.isEmpty());
      for (TestDevice device : told) {
        Set<String> ids =
            device.told.stream().map(DeviceCommand::getCommandId).collect(Collectors.toSet());
        assertEquals(2, ids.size(), device.told.toString());
        assertEquals(TestFleet.NEW, device.active);
      }
      assertEquals(told.size(), fleet.assigned(AssignmentState.ASSIGNMENT_COMMITTED));
      assertTrue(
          fleet.snapshot("r1").getGates().contains("\"metric\":\"failed_updates\""),
          fleet.snapshot("r1").getGates());
      assertEquals(0, fleet.assigned(AssignmentState.ASSIGNMENT_FAILED));
    }
  }

  @Test
  void downloads_areNeverMoreThanThePlanAllowsAtOnce() {
    try (TestFleet fleet = new TestFleet(directory, 400, 37)) {
      fleet.devices.values().forEach(device -> device.manner = Manner.SILENT);
      fleet.announceAll();
      fleet.create("r1", PLAN.replace("{per_minute: 100}", "{per_minute: 100, max_downloads: 10}"));
      fleet.pass(Duration.ofHours(6));
      long told = fleet.devices.values().stream().filter(device -> !device.told.isEmpty()).count();
      assertTrue(told >= 5 && told <= 20, "10 by expectation, as chance has it: " + told);
    }
  }

  @Test
  void preview_countsWhomThePlanWouldReachAndIsForgotten() {
    try (TestFleet fleet = new TestFleet(directory, 50, 38)) {
      int i = 0;
      for (TestDevice device : fleet.devices.values()) {
        device.chip = i % 10 == 0 ? "ndp101" : "ndp120";
        device.active = i % 10 == 1 ? TestFleet.NEW : TestFleet.OLD;
        i++;
      }
      fleet.announceAll();
      fleet.pass(Duration.ofHours(12));
      fleet.preview("p1", PLAN);
      fleet.pass(Duration.ofHours(1));
      Census census = fleet.snapshot("p1").getCensus();
      assertEquals(50, census.getKnown());
      assertEquals(40, census.getReachable());
      assertEquals(40, census.getSampleCount());
      assertEquals(
          "[already_has_it 5, other_chip 5]",
          census.getExcludedList().stream()
              .map(exclusion -> exclusion.getReason() + " " + exclusion.getDevices())
              .sorted()
              .toList()
              .toString());
      double listened =
          census.getStrataList().stream().mapToDouble(Census.Stratum::getListeningHours).sum();
      assertEquals(40 * 12.5, listened, 40, "listening hours");
      assertTrue(fleet.commands.isEmpty());
      fleet.request(fleet.order("p1").setStart(RolloutRequest.Start.getDefaultInstance()).build());
      assertRefused(fleet, ProblemType.ILLEGAL_TRANSITION, "a preview can't be acted on");
      fleet.pass(Duration.ofHours(25));
      assertTrue(fleet.isForgotten("p1"));
    }
  }

  private static void approve(TestFleet fleet, String actor) {
    fleet.request(
        fleet
            .order("r1")
            .setActor(actor)
            .setApprove(RolloutRequest.Approve.getDefaultInstance())
            .build());
  }

  private static void assertRefused(TestFleet fleet, ProblemType problem, String reason) {
    assertEquals(problem.name(), fleet.events.getLast().getProblem());
    assertTrue(
        fleet.events.getLast().getReason().startsWith(reason), fleet.events.getLast().getReason());
  }

  private static boolean reachesKind(TestFleet fleet, String kind, Duration within) {
    for (long i = 0; i < within.dividedBy(TestFleet.STEP); i++) {
      if (fleet.kinds().contains(kind)) {
        return true;
      }
      fleet.pass(TestFleet.STEP);
    }
    return false;
  }
}
