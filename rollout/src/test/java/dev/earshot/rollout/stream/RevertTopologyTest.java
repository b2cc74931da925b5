package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.RolloutRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that are sent back by hand. */
final class RevertTopologyTest {
  private static final Duration SOON = Duration.ofHours(1);
  private static final String PLAN =
      """
      release: hey-nova:1.1.0
      cohort: "true"
      stages: [{percent: 100, soak: 1d}]
      holdback_percent: 0
      offers: {per_minute: 1000}
      trial: 10m
      """;

  @TempDir Path directory;

  @Test
  void oneDevice_goesBackAndIsNotToldTheReleaseAgainByTheRunningRollout() {
    try (TestFleet fleet = new TestFleet(directory, 10, 1)) {
      begin(fleet);
      TestDevice device = fleet.devices.values().iterator().next();
      fleet.revert("m1", "device.id == \"device-0\"", TestFleet.OLD);
      fleet.pass(Duration.ofHours(3));
      assertEquals(TestFleet.OLD, device.active);
      assertEquals("rolled_back", fleet.word("m1"));
      assertEquals("running", fleet.word("r1"));
      assertEquals(1, device.told.stream().filter(each -> each.hasRevert()).count());
      assertEquals("by ada: broken", device.told.getLast().getRevert().getReason());
      Assignment assignment = fleet.assignment(device);
      assertEquals("m1", assignment.getRollout());
      assertEquals(AssignmentState.ASSIGNMENT_ROLLED_BACK, assignment.getState());
      assertEquals(9, fleet.devices.values().stream().filter(RevertTopologyTest::isNew).count());
      assertEquals("ada", fleet.event("revert_started").getActor());
      assertEquals("broken", fleet.event("revert_started").getReason());
    }
  }

  @Test
  void cohort_goesBackAndDevicesThatAreThereAlreadyAreNotTold() {
    try (TestFleet fleet = new TestFleet(directory, 10, 1)) {
      begin(fleet);
      fleet.revert("m1", "device.region == \"eu\"", TestFleet.OLD);
      fleet.pass(Duration.ofHours(3));
      assertEquals("rolled_back", fleet.word("m1"));
      fleet.revert("m2", "device.region == \"eu\"", TestFleet.OLD);
      fleet.pass(SOON);
      assertEquals("rolled_back", fleet.word("m2"));
      for (TestDevice device : fleet.devices.values()) {
        assertEquals(TestFleet.OLD, device.active);
        assertEquals(2, device.told.size(), () -> device.told.toString());
      }
    }
  }

  @Test
  void laterWord_holdsAndNobodyIsSentToAndFro() {
    try (TestFleet fleet = new TestFleet(directory, 6, 1)) {
      fleet.release("hey-nova:0.9.0", 1);
      begin(fleet);
      TestDevice away = fleet.devices.values().iterator().next();
      away.manner = TestDevice.Manner.SILENT;
      fleet.revert("m1", "true", TestFleet.OLD);
      fleet.pass(SOON);
      fleet.revert("m2", "true", "hey-nova:0.9.0");
      fleet.pass(SOON);
      away.manner = TestDevice.Manner.OBEDIENT;
      fleet.pass(Duration.ofHours(3));
      fleet.announce(away);
      fleet.devices.values().forEach(device -> assertEquals("hey-nova:0.9.0", device.active));
      assertTrue(
          fleet.commands.stream().map(each -> each.getCommandId()).distinct().count() <= 18,
          "three orders a device");
    }
  }

  @Test
  void revertByHand_canNotBeStartedPausedOrResumed() {
    try (TestFleet fleet = new TestFleet(directory, 1, 1)) {
      fleet.announceAll();
      fleet.revert("m1", "true", TestFleet.NEW);
      fleet.request(fleet.order("m1").setPause(RolloutRequest.Pause.getDefaultInstance()).build());
      assertEquals(List.of("created", "revert_started", "refused"), fleet.kinds());
    }
  }

  private static boolean isNew(TestDevice device) {
    return device.active.equals(TestFleet.NEW);
  }

  private static void begin(TestFleet fleet) {
    fleet.announceAll();
    fleet.create("r1", PLAN);
    fleet.pass(SOON);
    fleet.devices.values().forEach(device -> assertEquals(TestFleet.NEW, device.active));
  }
}
