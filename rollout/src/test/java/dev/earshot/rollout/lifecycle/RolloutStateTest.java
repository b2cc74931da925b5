package dev.earshot.rollout.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.earshot.rollout.lifecycle.RolloutEvent.Abandoned;
import dev.earshot.rollout.lifecycle.RolloutEvent.ApprovalAsked;
import dev.earshot.rollout.lifecycle.RolloutEvent.Approved;
import dev.earshot.rollout.lifecycle.RolloutEvent.OffersDone;
import dev.earshot.rollout.lifecycle.RolloutEvent.PauseOrdered;
import dev.earshot.rollout.lifecycle.RolloutEvent.Resumed;
import dev.earshot.rollout.lifecycle.RolloutEvent.RevertOrdered;
import dev.earshot.rollout.lifecycle.RolloutEvent.Revoked;
import dev.earshot.rollout.lifecycle.RolloutEvent.RollbackDone;
import dev.earshot.rollout.lifecycle.RolloutEvent.RollbackOrdered;
import dev.earshot.rollout.lifecycle.RolloutEvent.ScheduledFor;
import dev.earshot.rollout.lifecycle.RolloutEvent.StagePassed;
import dev.earshot.rollout.lifecycle.RolloutEvent.StageProven;
import dev.earshot.rollout.lifecycle.RolloutEvent.Started;
import dev.earshot.rollout.lifecycle.RolloutState.AwaitingApproval;
import dev.earshot.rollout.lifecycle.RolloutState.Cancelled;
import dev.earshot.rollout.lifecycle.RolloutState.Draft;
import dev.earshot.rollout.lifecycle.RolloutState.Moved;
import dev.earshot.rollout.lifecycle.RolloutState.Offering;
import dev.earshot.rollout.lifecycle.RolloutState.Paused;
import dev.earshot.rollout.lifecycle.RolloutState.Proven;
import dev.earshot.rollout.lifecycle.RolloutState.Refused;
import dev.earshot.rollout.lifecycle.RolloutState.RolledBack;
import dev.earshot.rollout.lifecycle.RolloutState.RollingBack;
import dev.earshot.rollout.lifecycle.RolloutState.Running;
import dev.earshot.rollout.lifecycle.RolloutState.Scheduled;
import dev.earshot.rollout.lifecycle.RolloutState.Soaking;
import dev.earshot.rollout.lifecycle.RolloutState.Succeeded;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RolloutStateTest {
  private static final Instant AT = Instant.parse("2026-01-05T00:00:00Z");
  private static final Running OFFERING = new Running(2, new Offering());
  private static final Running SOAKING = new Running(2, new Soaking(AT));
  private static final Running PROVEN = new Running(2, new Proven(AT, Set.of()));
  private static final Running PROVEN_BY_BOB = new Running(2, new Proven(AT, Set.of("bob")));
  private static final AwaitingApproval AWAITING = new AwaitingApproval(Set.of());
  private static final AwaitingApproval AWAITING_BY_BOB = new AwaitingApproval(Set.of("bob"));
  private static final List<RolloutState> STATES =
      List.of(
          new Draft(),
          AWAITING,
          AWAITING_BY_BOB,
          PROVEN,
          PROVEN_BY_BOB,
          new Paused(PROVEN_BY_BOB, "lunch"),
          new Scheduled(AT),
          OFFERING,
          SOAKING,
          new Paused(SOAKING, "lunch"),
          new RollingBack(2, "harm"),
          new RolledBack(2, "harm"),
          new Succeeded(2),
          new Cancelled("enough"));
  private static final List<RolloutEvent> EVENTS =
      List.of(
          new ApprovalAsked(),
          new Approved("bob"),
          new StageProven(AT),
          new ScheduledFor(AT),
          new Started(),
          new OffersDone(AT),
          new StagePassed(2, false),
          new StagePassed(2, true),
          new StagePassed(1, false),
          new PauseOrdered("lunch"),
          new Resumed(),
          new RollbackOrdered("harm"),
          new RollbackDone(),
          new Revoked(3, "poison"),
          new Revoked(0, "poison"),
          new RevertOrdered("broken"),
          new Abandoned("enough"));

  private record Case(RolloutState from, RolloutEvent event) {}

  /** Where a revocation leads from every state; from a cancelled one by whether it had begun. */
  private static final Map<RolloutState, RolloutState> REVOKED =
      Map.ofEntries(
          Map.entry(new Draft(), new Cancelled("poison")),
          Map.entry(AWAITING, new Cancelled("poison")),
          Map.entry(AWAITING_BY_BOB, new Cancelled("poison")),
          Map.entry(new Scheduled(AT), new Cancelled("poison")),
          Map.entry(OFFERING, new RollingBack(2, "poison")),
          Map.entry(SOAKING, new RollingBack(2, "poison")),
          Map.entry(PROVEN, new RollingBack(2, "poison")),
          Map.entry(PROVEN_BY_BOB, new RollingBack(2, "poison")),
          Map.entry(new Paused(SOAKING, "lunch"), new RollingBack(2, "poison")),
          Map.entry(new Paused(PROVEN_BY_BOB, "lunch"), new RollingBack(2, "poison")),
          Map.entry(new Succeeded(2), new RollingBack(2, "poison")));

  /** Everything that is legal; everything else must be refused. */
  private static final Map<Case, RolloutState> LEGAL =
      Map.ofEntries(
          Map.entry(
              new Case(new Draft(), new RevertOrdered("broken")), new RollingBack(1, "broken")),
          Map.entry(new Case(new Draft(), new ApprovalAsked()), AWAITING),
          Map.entry(new Case(AWAITING, new Approved("bob")), AWAITING_BY_BOB),
          Map.entry(new Case(AWAITING_BY_BOB, new Approved("bob")), AWAITING_BY_BOB),
          Map.entry(new Case(AWAITING, new ScheduledFor(AT)), new Scheduled(AT)),
          Map.entry(new Case(AWAITING_BY_BOB, new ScheduledFor(AT)), new Scheduled(AT)),
          Map.entry(new Case(AWAITING, new Started()), new Running(1, new Offering())),
          Map.entry(new Case(AWAITING_BY_BOB, new Started()), new Running(1, new Offering())),
          Map.entry(new Case(AWAITING, new Abandoned("enough")), new Cancelled("enough")),
          Map.entry(new Case(AWAITING_BY_BOB, new Abandoned("enough")), new Cancelled("enough")),
          Map.entry(new Case(OFFERING, new StageProven(AT)), PROVEN),
          Map.entry(new Case(SOAKING, new StageProven(AT)), PROVEN),
          Map.entry(new Case(PROVEN, new Approved("bob")), PROVEN_BY_BOB),
          Map.entry(new Case(PROVEN_BY_BOB, new Approved("bob")), PROVEN_BY_BOB),
          Map.entry(new Case(PROVEN, new StagePassed(2, false)), new Running(3, new Offering())),
          Map.entry(
              new Case(PROVEN_BY_BOB, new StagePassed(2, false)), new Running(3, new Offering())),
          Map.entry(new Case(PROVEN, new StagePassed(2, true)), new Succeeded(2)),
          Map.entry(new Case(PROVEN_BY_BOB, new StagePassed(2, true)), new Succeeded(2)),
          Map.entry(new Case(PROVEN, new PauseOrdered("lunch")), new Paused(PROVEN, "lunch")),
          Map.entry(
              new Case(PROVEN_BY_BOB, new PauseOrdered("lunch")),
              new Paused(PROVEN_BY_BOB, "lunch")),
          Map.entry(new Case(new Paused(PROVEN_BY_BOB, "lunch"), new Resumed()), PROVEN_BY_BOB),
          Map.entry(new Case(PROVEN, new RollbackOrdered("harm")), new RollingBack(2, "harm")),
          Map.entry(
              new Case(PROVEN_BY_BOB, new RollbackOrdered("harm")), new RollingBack(2, "harm")),
          Map.entry(
              new Case(new Paused(PROVEN_BY_BOB, "lunch"), new RollbackOrdered("harm")),
              new RollingBack(2, "harm")),
          Map.entry(new Case(PROVEN, new Abandoned("enough")), new Cancelled("enough")),
          Map.entry(new Case(PROVEN_BY_BOB, new Abandoned("enough")), new Cancelled("enough")),
          Map.entry(
              new Case(new Paused(PROVEN_BY_BOB, "lunch"), new Abandoned("enough")),
              new Cancelled("enough")),
          Map.entry(new Case(new Draft(), new ScheduledFor(AT)), new Scheduled(AT)),
          Map.entry(new Case(new Draft(), new Started()), new Running(1, new Offering())),
          Map.entry(new Case(new Scheduled(AT), new Started()), new Running(1, new Offering())),
          Map.entry(new Case(OFFERING, new OffersDone(AT)), SOAKING),
          Map.entry(new Case(OFFERING, new StagePassed(2, false)), new Running(3, new Offering())),
          Map.entry(new Case(SOAKING, new StagePassed(2, false)), new Running(3, new Offering())),
          Map.entry(new Case(OFFERING, new StagePassed(2, true)), new Succeeded(2)),
          Map.entry(new Case(SOAKING, new StagePassed(2, true)), new Succeeded(2)),
          Map.entry(new Case(OFFERING, new PauseOrdered("lunch")), new Paused(OFFERING, "lunch")),
          Map.entry(new Case(SOAKING, new PauseOrdered("lunch")), new Paused(SOAKING, "lunch")),
          Map.entry(new Case(new Paused(SOAKING, "lunch"), new Resumed()), SOAKING),
          Map.entry(new Case(OFFERING, new RollbackOrdered("harm")), new RollingBack(2, "harm")),
          Map.entry(new Case(SOAKING, new RollbackOrdered("harm")), new RollingBack(2, "harm")),
          Map.entry(
              new Case(new Paused(SOAKING, "lunch"), new RollbackOrdered("harm")),
              new RollingBack(2, "harm")),
          Map.entry(
              new Case(new RollingBack(2, "harm"), new RollbackDone()), new RolledBack(2, "harm")),
          Map.entry(new Case(new Draft(), new Abandoned("enough")), new Cancelled("enough")),
          Map.entry(new Case(new Scheduled(AT), new Abandoned("enough")), new Cancelled("enough")),
          Map.entry(new Case(OFFERING, new Abandoned("enough")), new Cancelled("enough")),
          Map.entry(new Case(SOAKING, new Abandoned("enough")), new Cancelled("enough")),
          Map.entry(
              new Case(new Paused(SOAKING, "lunch"), new Abandoned("enough")),
              new Cancelled("enough")));

  @Test
  void everyStateWithEveryEvent_movesAsTheTableSaysOrRefuses() {
    for (RolloutState state : STATES) {
      for (RolloutEvent event : EVENTS) {
        RolloutState to =
            event instanceof Revoked revoked
                ? revoked(state, revoked)
                : LEGAL.get(new Case(state, event));
        if (to == null) {
          assertInstanceOf(Refused.class, state.apply(event), state + " x " + event);
        } else {
          assertEquals(new Moved(to), state.apply(event), state + " x " + event);
        }
      }
    }
  }

  private static @Nullable RolloutState revoked(RolloutState state, Revoked event) {
    return state instanceof Cancelled && event.stage() > 0
        ? new RollingBack(event.stage(), "poison")
        : REVOKED.get(state);
  }

  @Test
  void everyState_survivesBeingWrittenAndRead() {
    STATES.forEach(state -> assertEquals(state, Phases.read(Phases.write(state))));
  }

  @Test
  void refusal_saysWhy() {
    assertEquals(
        new Refused("a rollout that is rolling_back can't be aborted"),
        new RollingBack(1, "harm").apply(new Abandoned("enough")));
  }
}
