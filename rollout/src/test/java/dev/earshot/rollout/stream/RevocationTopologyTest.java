package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.rollout.stream.TestDevice.Manner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What follows when the registry revokes a release. */
final class RevocationTopologyTest {
  private static final String NEWER = "hey-nova:1.2.0";
  private static final String WORDS = "hey-nova:1.1.0 was revoked by eve: burns batteries";
  private static final Duration SOON = Duration.ofHours(1);
  private static final String PLAN =
      """
      release: hey-nova:1.1.0
      cohort: "true"
      stages: [{percent: 100, soak: 1h}]
      holdback_percent: 10
      offers: {per_minute: 1000}
      heard_within: 30d
      trial: 10m
      deadlines: {reverting: 2h}
      """;

  @TempDir Path directory;

  @Test
  void runningRollout_rollsBackAtOnceAndSaysWhoRevokedAndWhy() {
    try (TestFleet fleet = new TestFleet(directory, 40, 1)) {
      begin(fleet);
      assertFalse(running(fleet, TestFleet.NEW).isEmpty());
      fleet.revoke(TestFleet.NEW);
      fleet.pass(SOON);
      assertEquals("rolled_back", fleet.word("r1"));
      assertEquals(
          List.of("created", "started", "offers_done", "revoked", "rolled_back"), fleet.kinds());
      RolloutEvent event = fleet.event("revoked");
      assertEquals("eve", event.getActor());
      assertEquals(WORDS, event.getReason());
      assertEquals(List.of(), running(fleet, TestFleet.NEW));
      fleet.commands.stream()
          .filter(DeviceCommand::hasRevert)
          .forEach(command -> assertEquals(WORDS, command.getRevert().getReason()));
      assertTrue(fleet.assigned(AssignmentState.ASSIGNMENT_ROLLED_BACK) > 0);
    }
  }

  @Test
  void rolloutThatHadSucceeded_bringsItsDevicesBackAndThoseThatComeLater() {
    try (TestFleet fleet = new TestFleet(directory, 40, 1)) {
      succeed(fleet);
      TestDevice away = running(fleet, TestFleet.NEW).getFirst();
      away.manner = Manner.SILENT;
      int treated = running(fleet, TestFleet.NEW).size();
      fleet.revoke(TestFleet.NEW);
      fleet.pass(Duration.ofHours(4));
      assertEquals("rolled_back", fleet.word("r1"));
      assertEquals(List.of(away), running(fleet, TestFleet.NEW));
      assertEquals(
          treated - 1 + " devices came back, 1 were not reached",
          fleet.event("rolled_back").getReason());
      assertTrue(fleet.commands.stream().filter(DeviceCommand::hasRevert).count() >= treated);
      away.manner = Manner.OBEDIENT;
      fleet.announce(away);
      assertEquals(TestFleet.OLD, away.active);
    }
  }

  @Test
  void cancelledRolloutThatLeftItsRelease_bringsItBackToo() {
    try (TestFleet fleet = new TestFleet(directory, 40, 1)) {
      begin(fleet);
      fleet.request(
          fleet.order("r1").setAbort(RolloutRequest.Abort.newBuilder().setKeep(true)).build());
      fleet.pass(SOON);
      assertEquals("cancelled", fleet.word("r1"));
      assertFalse(running(fleet, TestFleet.NEW).isEmpty());
      fleet.revoke(TestFleet.NEW);
      fleet.pass(SOON);
      assertEquals("rolled_back", fleet.word("r1"));
      assertEquals(List.of(), running(fleet, TestFleet.NEW));
    }
  }

  @Test
  void rolloutThatHasNotBegun_isCancelledAndNewOnesAreRefused() {
    try (TestFleet fleet = new TestFleet(directory, 4, 1)) {
      fleet.announceAll();
      fleet.create("r1", PLAN + "schedule: {start_at: 2030-01-01T00:00:00Z}\n");
      assertEquals("scheduled", fleet.word("r1"));
      fleet.revoke(TestFleet.NEW);
      fleet.request(fleet.order("r1").setStart(RolloutRequest.Start.getDefaultInstance()).build());
      assertEquals(WORDS + "; its rollouts end", fleet.events.getLast().getReason());
      fleet.pass(SOON);
      assertEquals("cancelled", fleet.word("r1"));
      fleet.create("r2", PLAN);
      RolloutEvent refusal = fleet.events.getLast();
      assertEquals("INVALID_REQUEST", refusal.getProblem());
      assertEquals("release: " + WORDS, refusal.getReason());
      assertTrue(fleet.commands.isEmpty());
    }
  }

  @Test
  void releaseThatIsOnlyDeprecated_isNotStartedButGoesOn() {
    try (TestFleet fleet = new TestFleet(directory, 40, 1)) {
      begin(fleet);
      fleet.status(TestFleet.NEW, ReleaseStatus.DEPRECATED, "eve", "old");
      fleet.create("r2", PLAN + "approval: {count: 1, by: [bob]}\n");
      fleet.request(fleet.order("r2").setStart(RolloutRequest.Start.getDefaultInstance()).build());
      assertEquals(
          "hey-nova:1.1.0 is deprecated (expected: candidate or approved)",
          fleet.events.getLast().getReason());
      fleet.pass(SOON);
      assertEquals("running", fleet.word("r1"));
    }
  }

  @Test
  void devicesOfALaterRollout_areLeftAloneAndNeverSentBackToTheRevokedOne() {
    try (TestFleet fleet = new TestFleet(directory, 40, 1)) {
      succeed(fleet);
      fleet.release(NEWER, 3);
      fleet.create("r2", PLAN.replace(TestFleet.NEW, NEWER));
      fleet.pass(Duration.ofHours(3));
      List<TestDevice> newest = running(fleet, NEWER);
      assertTrue(newest.size() > 20);
      int told = fleet.commands.size();
      fleet.revoke(TestFleet.NEW);
      fleet.pass(Duration.ofHours(4));
      assertEquals("rolled_back", fleet.word("r1"));
      assertEquals(newest, running(fleet, NEWER));
      assertEquals(told, fleet.commands.size());
      fleet.revoke(NEWER);
      fleet.pass(Duration.ofHours(4));
      newest.forEach(device -> assertEquals(TestFleet.OLD, device.active));
    }
  }

  @Test
  void deviceThatRanNothingElse_staysAndItsAssignmentSaysSo() {
    try (TestFleet fleet = new TestFleet(directory, 20, 1)) {
      begin(fleet);
      List<TestDevice> treated = running(fleet, TestFleet.NEW);
      fleet.revoke(TestFleet.OLD);
      fleet.pass(SOON);
      fleet.revoke(TestFleet.NEW);
      fleet.pass(SOON);
      assertEquals("rolled_back", fleet.word("r1"));
      assertEquals(treated, running(fleet, TestFleet.NEW));
      assertEquals(
          "0 devices came back, 0 were not reached, "
              + treated.size()
              + " stay where they are: all that they ran before is revoked",
          fleet.event("rolled_back").getReason());
      assertEquals(
          "stays on it: every release that it ran before is revoked",
          fleet.assignment(treated.getFirst()).getText());
      assertTrue(fleet.commands.stream().noneMatch(DeviceCommand::hasRevert));
    }
  }

  @Test
  void wayBackThatIsRevokedWhileADeviceIsAway_isAimedAnewUnderANewId() {
    try (TestFleet fleet = new TestFleet(directory, 20, 1)) {
      succeed(fleet);
      fleet.release(NEWER, 3);
      fleet.create("r2", PLAN.replace(TestFleet.NEW, NEWER));
      fleet.pass(Duration.ofHours(3));
      TestDevice away = running(fleet, NEWER).getFirst();
      away.manner = Manner.SILENT;
      fleet.revoke(NEWER);
      fleet.pass(SOON);
      DeviceCommand first = away.told.getLast();
      assertEquals(TestFleet.NEW, first.getRevert().getRelease());
      fleet.revoke(TestFleet.NEW);
      fleet.pass(SOON);
      away.manner = Manner.OBEDIENT;
      fleet.announce(away);
      fleet.pass(SOON);
      assertEquals(TestFleet.OLD, away.active);
      assertFalse(first.getCommandId().equals(away.told.getLast().getCommandId()));
    }
  }

  private static void begin(TestFleet fleet) {
    fleet.announceAll();
    fleet.pass(Duration.ofHours(12));
    fleet.create("r1", PLAN);
    fleet.pass(SOON);
    assertEquals("running", fleet.word("r1"));
  }

  /** Whatever the gates say: a person promotes it. */
  private static void succeed(TestFleet fleet) {
    begin(fleet);
    fleet.pass(SOON);
    fleet.request(
        fleet.order("r1").setPromote(RolloutRequest.Promote.getDefaultInstance()).build());
    fleet.pass(SOON);
    assertEquals("succeeded", fleet.word("r1"));
  }

  private static List<TestDevice> running(TestFleet fleet, String release) {
    return fleet.devices.values().stream().filter(device -> device.active.equals(release)).toList();
  }
}
