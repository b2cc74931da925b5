package dev.earshot.rollout.assignment;

import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.cohort.Cohort;
import dev.earshot.rollout.lifecycle.Phases;
import dev.earshot.rollout.lifecycle.RolloutState;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.plan.PlanFormat;
import java.util.Comparator;

/**
 * What the control side tells the devices' side about one rollout: a snapshot, read and compiled.
 *
 * @param snapshot as published
 * @param plan parsed from it
 * @param cohort compiled from the plan
 * @param state parsed from it
 */
public record Directive(RolloutSnapshot snapshot, Plan plan, Cohort cohort, RolloutState state) {
  /** Who gets a device that several rollouts want: the higher priority, then the older. */
  public static final Comparator<Directive> PRECEDENCE =
      Comparator.<Directive>comparingInt(directive -> -directive.plan().priority())
          .thenComparingLong(directive -> directive.snapshot().getCreatedAtMs())
          .thenComparing(Directive::id);

  /** Reads a snapshot. */
  public static Directive of(RolloutSnapshot snapshot) {
    Plan plan = PlanFormat.read(snapshot.getPlan());
    return new Directive(
        snapshot, plan, Cohort.compile(plan.cohort()), Phases.read(snapshot.getPhase()));
  }

  /** This one after progress that changed neither plan nor state; spares the compilation. */
  public Directive with(RolloutSnapshot newer) {
    return new Directive(newer, plan, cohort, Phases.read(newer.getPhase()));
  }

  /** The rollout. */
  public String id() {
    return snapshot.getRollout();
  }

  /** The release that it brings. */
  public String release() {
    return snapshot.getTarget().getRelease();
  }

  /** Whether its devices are to be looked at: it is under way, or asks whom it would reach. */
  public boolean isWatched() {
    return isUnbegun() ? !snapshot.hasCensus() : !state.isFinal();
  }

  /** Whether it has not begun yet: only asked whom it would reach. */
  public boolean isUnbegun() {
    return switch (state) {
      case RolloutState.Draft d -> true;
      case RolloutState.AwaitingApproval a -> true;
      case RolloutState.Scheduled s -> true;
      case RolloutState.Running r -> false;
      case RolloutState.Paused p -> false;
      case RolloutState.RollingBack r -> false;
      case RolloutState.RolledBack r -> false;
      case RolloutState.Succeeded s -> false;
      case RolloutState.Cancelled c -> false;
    };
  }

  /** The stage whose clocks run, or ran last; 0 before the first. */
  public int stage() {
    return state.currentStage();
  }
}
