package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.InstallConditions;
import dev.earshot.protocol.v1.UpdateResult;
import dev.earshot.protocol.v1.WaitCount;
import dev.earshot.rollout.stream.TestDevice.Manner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that wait for what the plan asks of them. */
final class WaitTopologyTest {
  private static final String PLAN =
      """
      release: hey-nova:1.1.0
      cohort: "true"
      stages: [{percent: 50, soak: 2h, margin: 2.0}]
      holdback_percent: 10
      offers: {per_minute: 1000, max_downloads: 8}
      trial: 10m
      install: {charging: true, battery_percent: 30, idle: true, daily_bytes: 1MB}
      deadlines: {downloading: 1h, waiting: 2d}
      """;

  @TempDir Path directory;

  @Test
  void conditions_areCarriedToEveryDevice() {
    try (TestFleet fleet = new TestFleet(directory, 40, 1)) {
      fleet.announceAll();
      fleet.create("r1", PLAN);
      fleet.pass(Duration.ofHours(1));
      InstallConditions asked =
          InstallConditions.newBuilder()
              .setCharging(true)
              .setBatteryMinPct(30)
              .setIdle(true)
              .setDailyBytes(1_000_000)
              .build();
      assertTrue(!fleet.commands.isEmpty());
      for (DeviceCommand command : fleet.commands) {
        assertEquals(asked, command.getInstall().getConditions());
      }
    }
  }

  @Test
  void waitingDevices_areCountedHoldNobodyUpAndAreNotLate() {
    try (TestFleet fleet = new TestFleet(directory, 60, 1)) {
      fleet.devices.values().forEach(device -> device.manner = Manner.WAITING);
      fleet.announceAll();
      fleet.create("r1", PLAN);
      fleet.pass(Duration.ofHours(12));
      List<TestDevice> told = told(fleet);
      assertTrue(told.size() > 8, "more than may download at once: " + told.size());
      assertEquals(
          List.of(
              WaitCount.newBuilder()
                  .setStage(1)
                  .setState(AssignmentState.ASSIGNMENT_DOWNLOADING)
                  .setText("waits for the charger")
                  .setDevices(told.size())
                  .build()),
          fleet.snapshot("r1").getProgress().getWaitsList());
      assertEquals("running", fleet.word("r1"));
      String missing = fleet.snapshot("r1").getMissing();
      String waits = told.size() + " updates are under way (" + told.size() + " wait for the";
      assertTrue(missing.contains(waits), missing);
      Assignment one = fleet.assignment(told.getFirst());
      assertEquals(UpdateResult.UPDATE_DEFERRED, one.getResult());
      assertEquals("waits for the charger", one.getText());
      told.forEach(device -> fleet.hear(device, device.charge()));
      fleet.pass(TestFleet.STEP);
      assertEquals(told.size(), fleet.assigned(AssignmentState.ASSIGNMENT_COMMITTED));
    }
  }

  @Test
  void deviceThatNeverGetsToACharger_isLeftOutAndTheRolloutSucceeds() {
    try (TestFleet fleet = new TestFleet(directory, 400, 1)) {
      fleet.devices.values().stream().skip(390).forEach(device -> device.manner = Manner.WAITING);
      fleet.announceAll();
      fleet.pass(Duration.ofHours(12));
      fleet.create("r1", PLAN.replace("max_downloads: 8", "max_downloads: 100"));
      assertTrue(
          fleet.reaches("r1", "succeeded", Duration.ofDays(3)),
          () -> fleet.snapshot("r1").getMissing());
      long left =
          fleet.assignments.values().stream()
              .filter(each -> each.getText().equals("left out: it still waits for the charger"))
              .count();
      assertTrue(left > 0 && left <= 10, "left out: " + left);
      assertEquals(0, fleet.assigned(AssignmentState.ASSIGNMENT_TIMED_OUT));
      assertEquals(left, fleet.commands.stream().filter(DeviceCommand::hasCancel).count());
    }
  }

  private static List<TestDevice> told(TestFleet fleet) {
    return fleet.devices.values().stream().filter(device -> !device.told.isEmpty()).toList();
  }
}
