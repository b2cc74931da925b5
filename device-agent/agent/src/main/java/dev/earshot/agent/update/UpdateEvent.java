package dev.earshot.agent.update;

import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateResult;

/** What can happen to an update. */
public sealed interface UpdateEvent {
  /**
   * A command to install or to go back, already found to be new. Its target slot is the machine's
   * choice.
   */
  record Ordered(Job job) implements UpdateEvent {}

  /** A command that can't even be begun; the report says why. */
  record Declined(Report report) implements UpdateEvent {}

  /** A command to stop. */
  record Cancelled(String commandId, String rollout, String reason) implements UpdateEvent {}

  /** Somebody at the device wants the model before back. */
  record RevertedByHand(String commandId, String reason) implements UpdateEvent {}

  /** What is about to be done, or is being done, must wait. */
  record Deferred(String reason) implements UpdateEvent {}

  /** The conditions hold. */
  record Ready() implements UpdateEvent {}

  /** So much fleet time more was spent waiting. */
  record Waited(long millis) implements UpdateEvent {}

  /** All files are in the target slot. */
  record Downloaded() implements UpdateEvent {}

  /** They are what the publisher signed and the command named. */
  record Verified(Content content) implements UpdateEvent {}

  /** The model gives the expected outputs on this device. */
  record SelfTestPassed() implements UpdateEvent {}

  /** The engine listens with the new model. */
  record Swapped() implements UpdateEvent {}

  /** The period is over, nothing went wrong, and the gateway acknowledged a check-in after it. */
  record TrialPassed() implements UpdateEvent {}

  /** The commit is done. */
  record Committed() implements UpdateEvent {}

  /** The engine listens with the old model again. */
  record RolledBack() implements UpdateEvent {}

  /** The device must not have this release. */
  record Rejected(UpdateResult result, String text) implements UpdateEvent {}

  /** It did not work. */
  record Failed(UpdateResult result, String text) implements UpdateEvent {}

  /** The device has started. */
  record Booted() implements UpdateEvent {}

  /** A slot that was complete is not what it was: its bytes have changed or are gone. */
  record SlotDamaged(Slot slot, String text) implements UpdateEvent {}
}
