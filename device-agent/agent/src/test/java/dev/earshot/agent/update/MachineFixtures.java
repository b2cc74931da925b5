package dev.earshot.agent.update;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateResult;
import java.nio.charset.StandardCharsets;

/** A device that ran 1.0.0 in slot A and works on 1.1.0 for slot B, in each state. */
public final class MachineFixtures {
  static final Content OLD = content("hey-nova:1.0.0", 1);
  static final Content NEW = content("hey-nova:1.1.0", 2);
  static final Content NEWER = content("hey-nova:1.2.0", 3);
  static final Job INSTALL = job("c1", NEW, false);
  static final Job REVERT = job("c2", OLD, true);

  private MachineFixtures() {}

  static Content content(String release, int counter) {
    return new Content(
        ReleaseRef.parse(release),
        counter,
        digest("manifest " + release),
        digest("self-test " + release),
        digest("model " + release));
  }

  static Job job(String id, Content content, boolean revert) {
    return new Job(
        id,
        "r-1",
        content.release(),
        content.manifestDigest(),
        "http://registry",
        revert,
        revert ? 0 : 600,
        Slot.SLOT_B,
        revert ? "worse in cars" : "",
        Conditions.NONE);
  }

  /** The record of a device in that state. */
  static DeviceRecord in(String state) {
    DeviceRecord idle = DeviceRecord.factory(OLD);
    DeviceRecord both = idle.withContent(Slot.SLOT_B, NEW);
    return switch (state) {
      case "Idle" -> idle;
      case "Downloading" -> idle.withState(new UpdateState.Downloading(INSTALL, 0));
      case "Waiting" ->
          idle.withState(
              new UpdateState.Waiting(
                  INSTALL, UpdateState.Stage.DOWNLOAD, "waits for the charger", 0, 0));
      case "WaitingToSwap" ->
          both.withState(
              new UpdateState.Waiting(
                  INSTALL, UpdateState.Stage.SWAP, "waits for a minute without a wake", 0, 0));
      case "Verifying" -> idle.withState(new UpdateState.Verifying(INSTALL, false, 0));
      case "InPlace" -> both.withState(new UpdateState.Verifying(job("c3", NEW, true), true, 0));
      case "Installing" -> idle.withState(new UpdateState.Installing(INSTALL, NEW, 0));
      case "Swapping" -> both.withState(new UpdateState.Swapping(INSTALL, 0));
      case "Trial" -> both.withActive(Slot.SLOT_B).withState(new UpdateState.Trial(INSTALL, 0));
      case "Committing" ->
          both.withActive(Slot.SLOT_B).withState(new UpdateState.Committing(INSTALL));
      case "RollingBack" ->
          both.withState(
              new UpdateState.RollingBack(
                  INSTALL, Slot.SLOT_B, UpdateResult.UPDATE_FAILED, "watchdog"));
      default -> throw new IllegalArgumentException(state);
    };
  }

  static UpdateEvent event(String name) {
    return switch (name) {
      case "INSTALL" -> new UpdateEvent.Ordered(job("c9", NEWER, false));
      case "REVERT" -> new UpdateEvent.Ordered(REVERT);
      case "CANCEL" -> new UpdateEvent.Cancelled("c9", "r-1", "operator");
      case "DOWNLOADED" -> new UpdateEvent.Downloaded();
      case "VERIFIED" -> new UpdateEvent.Verified(NEW);
      case "TESTED" -> new UpdateEvent.SelfTestPassed();
      case "SWAPPED" -> new UpdateEvent.Swapped();
      case "PASSED" -> new UpdateEvent.TrialPassed();
      case "COMMITTED" -> new UpdateEvent.Committed();
      case "ROLLED_BACK" -> new UpdateEvent.RolledBack();
      case "REJECTED" -> new UpdateEvent.Rejected(UpdateResult.INTEGRITY_CHECK_FAILURE, "forged");
      case "FAILED" -> new UpdateEvent.Failed(UpdateResult.UPDATE_FAILED, "broken");
      case "DEFERRED" -> new UpdateEvent.Deferred("waits for the charger");
      case "READY" -> new UpdateEvent.Ready();
      case "BY_HAND" -> new UpdateEvent.RevertedByHand("hand-1-0", "button");
      case "BOOTED" -> new UpdateEvent.Booted();
      default -> throw new IllegalArgumentException(name);
    };
  }

  /**
   * What must hold of every record that may ever be in flash, as long as the medium keeps its
   * bytes.
   */
  public static void requireSafe(DeviceRecord record) {
    if (record.activeContent().isEmpty()) {
      throw new AssertionError("nothing to start with: " + record);
    }
    switch (record.state()) {
      case UpdateState.Idle idle -> {}
      case UpdateState.Downloading(Job job, int boots) -> written(record, job);
      case UpdateState.Waiting waiting -> {
        switch (waiting.before()) {
          case DOWNLOAD -> written(record, waiting.job());
          case SWAP -> {
            other(record, waiting.job());
            if (!UpdateMachine.holds(record.content(waiting.job().target()), waiting.job())) {
              throw new AssertionError("waits to swap to what is not there: " + record);
            }
          }
        }
      }
      case UpdateState.Verifying verifying -> {
        if (verifying.job().target() == record.active()) {
          throw new AssertionError("verifies the slot that listens: " + record);
        }
      }
      case UpdateState.Installing installing -> other(record, installing.job());
      case UpdateState.Swapping(Job job, int boots) -> other(record, job);
      case UpdateState.Trial(Job job, int boots) -> tried(record, job);
      case UpdateState.Committing(Job job) -> tried(record, job);
      case UpdateState.RollingBack rolling -> {
        if (rolling.tried() == record.active()) {
          throw new AssertionError("rolls back to what it gives up: " + record);
        }
      }
    }
  }

  private static void written(DeviceRecord record, Job job) {
    other(record, job);
    if (record.content(job.target()).isPresent()) {
      throw new AssertionError("a slot that is being written passes for complete: " + record);
    }
  }

  private static void other(DeviceRecord record, Job job) {
    if (job.target() == record.active()) {
      throw new AssertionError("writes the slot that listens: " + record);
    }
  }

  private static void tried(DeviceRecord record, Job job) {
    if (job.target() != record.active()
        || !UpdateMachine.holds(record.activeContent(), job)
        || record.content(job.other()).isEmpty()) {
      throw new AssertionError(
          "tries what was not ordered, or has nothing to go back to: " + record);
    }
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
