package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.v1.RolloutPhase;
import dev.earshot.protocol.v1.RolloutPhase.Word;
import dev.earshot.rollout.lifecycle.RolloutState.AwaitingApproval;
import dev.earshot.rollout.lifecycle.RolloutState.Cancelled;
import dev.earshot.rollout.lifecycle.RolloutState.Draft;
import dev.earshot.rollout.lifecycle.RolloutState.Offering;
import dev.earshot.rollout.lifecycle.RolloutState.Paused;
import dev.earshot.rollout.lifecycle.RolloutState.Proven;
import dev.earshot.rollout.lifecycle.RolloutState.RolledBack;
import dev.earshot.rollout.lifecycle.RolloutState.RollingBack;
import dev.earshot.rollout.lifecycle.RolloutState.Running;
import dev.earshot.rollout.lifecycle.RolloutState.Scheduled;
import dev.earshot.rollout.lifecycle.RolloutState.Soaking;
import dev.earshot.rollout.lifecycle.RolloutState.Succeeded;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/** {@link RolloutState} as messages carry it. */
public final class Phases {
  private Phases() {}

  /**
   * Reads a phase.
   *
   * @throws IllegalArgumentException when this version does not know its word
   */
  public static RolloutState read(RolloutPhase phase) {
    return switch (phase.getWord()) {
      case DRAFT -> new Draft();
      case SCHEDULED -> new Scheduled(Instant.ofEpochMilli(phase.getSinceMs()));
      case RUNNING -> running(phase);
      case PAUSED -> new Paused(running(phase), phase.getReason());
      case ROLLING_BACK -> new RollingBack(phase.getStage(), phase.getReason());
      case ROLLED_BACK -> new RolledBack(phase.getStage(), phase.getReason());
      case SUCCEEDED -> new Succeeded(phase.getStage());
      case CANCELLED -> new Cancelled(phase.getReason());
      case AWAITING_APPROVAL -> new AwaitingApproval(Set.copyOf(phase.getApprovedByList()));
      case WORD_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("a rollout phase that this version does not know");
    };
  }

  /** Writes a phase; read back, it is the same state. */
  public static RolloutPhase write(RolloutState state) {
    RolloutPhase.Builder to =
        RolloutPhase.newBuilder()
            .setStage(state.currentStage())
            .addAllApprovedBy(new TreeSet<>(state.approvedBy()));
    switch (state) {
      case Draft d -> to.setWord(Word.DRAFT);
      case AwaitingApproval a -> to.setWord(Word.AWAITING_APPROVAL);
      case Scheduled scheduled ->
          to.setWord(Word.SCHEDULED).setSinceMs(scheduled.startsAt().toEpochMilli());
      case Running running -> step(to.setWord(Word.RUNNING), running);
      case Paused paused ->
          step(to.setWord(Word.PAUSED), paused.interrupted()).setReason(paused.reason());
      case RollingBack back -> to.setWord(Word.ROLLING_BACK).setReason(back.reason());
      case RolledBack back -> to.setWord(Word.ROLLED_BACK).setReason(back.reason());
      case Succeeded s -> to.setWord(Word.SUCCEEDED);
      case Cancelled cancelled -> to.setWord(Word.CANCELLED).setReason(cancelled.reason());
    }
    return to.build();
  }

  private static Running running(RolloutPhase phase) {
    Instant since = Instant.ofEpochMilli(phase.getSinceMs());
    if (phase.getProven()) {
      return new Running(
          phase.getStage(), new Proven(since, Set.copyOf(phase.getApprovedByList())));
    }
    return new Running(phase.getStage(), phase.getSoaking() ? new Soaking(since) : new Offering());
  }

  private static RolloutPhase.Builder step(RolloutPhase.Builder to, Running running) {
    return switch (running.step()) {
      case Offering o -> to.setSoaking(false);
      case Proven proven -> to.setProven(true).setSinceMs(proven.since().toEpochMilli());
      case Soaking soaking -> to.setSoaking(true).setSinceMs(soaking.since().toEpochMilli());
    };
  }
}
