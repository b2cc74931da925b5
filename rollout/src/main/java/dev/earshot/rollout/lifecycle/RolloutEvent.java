package dev.earshot.rollout.lifecycle;

import java.time.Instant;

/** What can happen to a rollout. */
public sealed interface RolloutEvent {
  /** It was told to start, and somebody has to consent first. */
  record ApprovalAsked() implements RolloutEvent {}

  /**
   * Somebody consents to what the rollout waits for.
   *
   * @param by a person; twice the same counts once
   */
  record Approved(String by) implements RolloutEvent {}

  /** It will begin at that instant. */
  record ScheduledFor(Instant at) implements RolloutEvent {}

  /** It begins with the first stage. */
  record Started() implements RolloutEvent {}

  /** All offers of the stage are out. */
  record OffersDone(Instant at) implements RolloutEvent {}

  /** The stage is good, and somebody has to consent to the next. */
  record StageProven(Instant at) implements RolloutEvent {}

  /**
   * The stage is over and good.
   *
   * @param stage which; refused when it is not the running one
   * @param last whether that was the plan's last stage
   */
  record StagePassed(int stage, boolean last) implements RolloutEvent {}

  /** No new offers, for now. */
  record PauseOrdered(String reason) implements RolloutEvent {}

  /** On with it. */
  record Resumed() implements RolloutEvent {}

  /** Everybody back. */
  record RollbackOrdered(String reason) implements RolloutEvent {}

  /** Everybody has answered or was given up. */
  record RollbackDone() implements RolloutEvent {}

  /**
   * The registry has revoked the release: nobody is to run it.
   *
   * @param stage in which devices were told last; 0: none was
   */
  record Revoked(int stage, String reason) implements RolloutEvent {}

  /** Not a rollout: its cohort is to go back to its release, by hand. */
  record RevertOrdered(String reason) implements RolloutEvent {}

  /** Ended by a person, devices keep what they have. */
  record Abandoned(String reason) implements RolloutEvent {}
}
