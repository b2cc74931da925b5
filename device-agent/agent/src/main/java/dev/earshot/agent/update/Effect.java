package dev.earshot.agent.update;

import dev.earshot.protocol.v1.Slot;

/** What is to be done, after the record that asked for it is safe in flash. */
public sealed interface Effect {
  /** Fetch what the job's slot does not hold yet. */
  record Download(Job job) implements Effect {}

  /** Tell {@link UpdateEvent.Ready} when the conditions hold. */
  record Await(Job job, UpdateState.Stage before, String reason) implements Effect {}

  /** Read the slot back and check everything. */
  record Verify(Job job, boolean inPlace) implements Effect {}

  /** Run the vectors of the slot's release. */
  record SelfTest(Job job) implements Effect {}

  /** Listen with the new slot; then tell {@link UpdateEvent.Swapped}. */
  record Swap(Job job) implements Effect {}

  /** Begin the period, and tell how it ends. */
  record BeginTrial(Job job) implements Effect {}

  /** Tell {@link UpdateEvent.Committed}. */
  record Commit() implements Effect {}

  /** Listen with the old slot again; then tell {@link UpdateEvent.RolledBack}. */
  record RollBack(Slot slot) implements Effect {}

  /** Listen with that slot. */
  record Use(Slot slot) implements Effect {}

  /** Tell the status. */
  record Announce() implements Effect {}
}
