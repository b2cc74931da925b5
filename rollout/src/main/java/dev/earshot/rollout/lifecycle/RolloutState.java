package dev.earshot.rollout.lifecycle;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a rollout is. Moves only by {@link #apply}; what an event does to a state where it makes no
 * sense is to be refused, with the reason. Instants are the fleet's time.
 */
public sealed interface RolloutState {
  /** How it ended, or that it did not. */
  enum Outcome {
    OPEN,
    SUCCEEDED,
    ROLLED_BACK,
    CANCELLED
  }

  /** Created, not yet started. */
  record Draft() implements RolloutState {}

  /**
   * Told to start; waits for consent.
   *
   * @param approvedBy who has given it
   */
  record AwaitingApproval(Set<String> approvedBy) implements RolloutState {
    public AwaitingApproval {
      approvedBy = Set.copyOf(approvedBy);
    }
  }

  /** Starts by itself at that instant. */
  record Scheduled(Instant startsAt) implements RolloutState {}

  /**
   * A stage is under way.
   *
   * @param stage from 1
   * @param step whether offers still go out, and what it waits for then
   */
  record Running(int stage, Step step) implements RolloutState {}

  /**
   * No new offers. Updates that began go on, gates listen, harm still rolls back.
   *
   * @param interrupted what goes on after a resume
   */
  record Paused(Running interrupted, String reason) implements RolloutState {}

  /** Every treated device is told to go back. */
  record RollingBack(int stage, String reason) implements RolloutState {}

  /** Every treated device has answered, or was given up. */
  record RolledBack(int stage, String reason) implements RolloutState {}

  /** The last stage has passed. */
  record Succeeded(int stage) implements RolloutState {}

  /** Ended by a person; devices keep what they have. */
  record Cancelled(String reason) implements RolloutState {}

  /** What a running stage is doing. */
  sealed interface Step {}

  /** Clocks are being started, at the plan's pace. */
  record Offering() implements Step {}

  /** All offers are out since that instant. */
  record Soaking(Instant since) implements Step {}

  /**
   * The stage has passed its gates; the next one waits for consent. Gates go on listening.
   *
   * @param since when it passed
   * @param approvedBy who has consented
   */
  record Proven(Instant since, Set<String> approvedBy) implements Step {
    public Proven {
      approvedBy = Set.copyOf(approvedBy);
    }
  }

  /** What an event leads to. */
  sealed interface Transition {}

  /** The event was legal. */
  record Moved(RolloutState to) implements Transition {}

  /** The event makes no sense here; nothing changes. */
  record Refused(String reason) implements Transition {}

  /** Applies one event. Pure. */
  default Transition apply(RolloutEvent event) {
    return switch (event) {
      case RolloutEvent.ApprovalAsked asked -> askApproval();
      case RolloutEvent.Approved approved -> approve(approved);
      case RolloutEvent.ScheduledFor scheduled -> schedule(scheduled);
      case RolloutEvent.Started started -> start();
      case RolloutEvent.OffersDone done -> offersDone(done);
      case RolloutEvent.StageProven proven -> stageProven(proven);
      case RolloutEvent.StagePassed passed -> stagePassed(passed);
      case RolloutEvent.PauseOrdered order -> pause(order);
      case RolloutEvent.Resumed resumed -> resume();
      case RolloutEvent.RollbackOrdered order -> rollBack(order);
      case RolloutEvent.RollbackDone done -> rollbackDone();
      case RolloutEvent.Revoked revoked -> revoke(revoked);
      case RolloutEvent.RevertOrdered ordered ->
          this instanceof Draft
              ? new Moved(new RollingBack(1, ordered.reason()))
              : refused("a revert by hand");
      case RolloutEvent.Abandoned abandoned -> abandon(abandoned);
    };
  }

  /** Whether it is over: nothing can happen any more, unless its release is revoked. */
  default boolean isFinal() {
    return outcome() != Outcome.OPEN;
  }

  /** How it ended. */
  default Outcome outcome() {
    return switch (this) {
      case Draft d -> Outcome.OPEN;
      case AwaitingApproval a -> Outcome.OPEN;
      case Scheduled s -> Outcome.OPEN;
      case Running r -> Outcome.OPEN;
      case Paused p -> Outcome.OPEN;
      case RollingBack r -> Outcome.OPEN;
      case RolledBack r -> Outcome.ROLLED_BACK;
      case Succeeded s -> Outcome.SUCCEEDED;
      case Cancelled c -> Outcome.CANCELLED;
    };
  }

  /** Who has consented to what it waits for; empty when it waits for nobody. */
  default Set<String> approvedBy() {
    return switch (this) {
      case AwaitingApproval awaiting -> awaiting.approvedBy();
      case Running running ->
          running.step() instanceof Proven proven ? proven.approvedBy() : Set.of();
      case Paused paused -> paused.interrupted().approvedBy();
      case Draft d -> Set.of();
      case Scheduled s -> Set.of();
      case RollingBack r -> Set.of();
      case RolledBack r -> Set.of();
      case Succeeded s -> Set.of();
      case Cancelled c -> Set.of();
    };
  }

  /** The stage that it is or was in; 0 before the first. */
  default int currentStage() {
    return switch (this) {
      case Draft d -> 0;
      case AwaitingApproval a -> 0;
      case Scheduled s -> 0;
      case Running running -> running.stage();
      case Paused paused -> paused.interrupted().stage();
      case RollingBack back -> back.stage();
      case RolledBack back -> back.stage();
      case Succeeded succeeded -> succeeded.stage();
      case Cancelled c -> 0;
    };
  }

  /** One word, as people and metrics see it. */
  default String word() {
    return switch (this) {
      case Draft d -> "draft";
      case AwaitingApproval a -> "awaiting_approval";
      case Scheduled s -> "scheduled";
      case Running r -> "running";
      case Paused p -> "paused";
      case RollingBack r -> "rolling_back";
      case RolledBack r -> "rolled_back";
      case Succeeded s -> "succeeded";
      case Cancelled c -> "cancelled";
    };
  }

  private Transition askApproval() {
    return this instanceof Draft
        ? new Moved(new AwaitingApproval(Set.of()))
        : refused("brought before its approvers");
  }

  private Transition approve(RolloutEvent.Approved event) {
    if (this instanceof AwaitingApproval awaiting) {
      return new Moved(new AwaitingApproval(with(awaiting.approvedBy(), event.by())));
    }
    if (this instanceof Running running && running.step() instanceof Proven proven) {
      return new Moved(
          new Running(
              running.stage(), new Proven(proven.since(), with(proven.approvedBy(), event.by()))));
    }
    return refused("approved, for it waits for nobody's consent");
  }

  private static Set<String> with(Set<String> names, String name) {
    Set<String> all = new TreeSet<>(names);
    all.add(name);
    return all;
  }

  private Transition schedule(RolloutEvent.ScheduledFor event) {
    return isStartable() && !(this instanceof Scheduled)
        ? new Moved(new Scheduled(event.at()))
        : refused("scheduled");
  }

  private Transition start() {
    return isStartable() ? new Moved(new Running(1, new Offering())) : refused("started");
  }

  private boolean isStartable() {
    return this instanceof Draft || this instanceof AwaitingApproval || this instanceof Scheduled;
  }

  private Transition stageProven(RolloutEvent.StageProven event) {
    return this instanceof Running running && !(running.step() instanceof Proven)
        ? new Moved(new Running(running.stage(), new Proven(event.at(), Set.of())))
        : refused("called proven");
  }

  private Transition offersDone(RolloutEvent.OffersDone event) {
    return this instanceof Running running && running.step() instanceof Offering
        ? new Moved(new Running(running.stage(), new Soaking(event.at())))
        : refused("moved to soaking");
  }

  private Transition stagePassed(RolloutEvent.StagePassed event) {
    if (!(this instanceof Running running) || running.stage() != event.stage()) {
      return refused("promoted from stage " + event.stage());
    }
    return event.last()
        ? new Moved(new Succeeded(running.stage()))
        : new Moved(new Running(running.stage() + 1, new Offering()));
  }

  private Transition pause(RolloutEvent.PauseOrdered event) {
    return this instanceof Running running
        ? new Moved(new Paused(running, event.reason()))
        : refused("paused");
  }

  private Transition resume() {
    return this instanceof Paused paused ? new Moved(paused.interrupted()) : refused("resumed");
  }

  private Transition rollBack(RolloutEvent.RollbackOrdered event) {
    return this instanceof Running || this instanceof Paused
        ? new Moved(new RollingBack(currentStage(), event.reason()))
        : refused("rolled back");
  }

  private Transition rollbackDone() {
    return this instanceof RollingBack back
        ? new Moved(new RolledBack(back.stage(), back.reason()))
        : refused("called rolled back");
  }

  /** Whoever may have the release goes back, also from a rollout that is over. */
  private Transition revoke(RolloutEvent.Revoked event) {
    return switch (this) {
      case Draft d -> new Moved(new Cancelled(event.reason()));
      case AwaitingApproval a -> new Moved(new Cancelled(event.reason()));
      case Scheduled s -> new Moved(new Cancelled(event.reason()));
      case Running r -> new Moved(new RollingBack(currentStage(), event.reason()));
      case Paused p -> new Moved(new RollingBack(currentStage(), event.reason()));
      case Succeeded s -> new Moved(new RollingBack(currentStage(), event.reason()));
      case Cancelled c when event.stage() > 0 ->
          new Moved(new RollingBack(event.stage(), event.reason()));
      case Cancelled c -> refused("ended by a revocation, for it has told nobody");
      case RollingBack r -> refused("rolled back because of a revocation");
      case RolledBack r -> refused("rolled back because of a revocation");
    };
  }

  private Transition abandon(RolloutEvent.Abandoned event) {
    // A rollback under way can't be abandoned: devices would be left with a release that was
    // judged harmful.
    return isFinal() || this instanceof RollingBack
        ? refused("aborted")
        : new Moved(new Cancelled(event.reason()));
  }

  private Refused refused(String what) {
    return new Refused("a rollout that is " + word() + " can't be " + what);
  }
}
