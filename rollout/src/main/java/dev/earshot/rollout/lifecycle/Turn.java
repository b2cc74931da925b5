package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.v1.RateSumsMessage;
import dev.earshot.protocol.v1.RolloutRecord;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.protocol.v1.StageSums;
import dev.earshot.protocol.v1.StratumRatesMessage;
import dev.earshot.protocol.v1.TestSums;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.plan.PlanFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One look at one rollout: the record as it becomes, and the events on the way. Lives for the
 * duration of one call of the {@link Conductor}.
 */
final class Turn {
  private final Plan plan;
  private final Instant now;
  private final Totals totals;
  private final RolloutRecord.Builder record;
  private final RolloutSnapshot.Builder snapshot;
  private final List<dev.earshot.protocol.v1.RolloutEvent> events = new ArrayList<>();
  private RolloutState state;

  /** On whose behalf something happens. */
  record Cause(String actor, String reason, String requestId) {
    static final String GATE = "gate";
    static final String PLAN = "plan";

    static Cause gate(String reason) {
      return new Cause(GATE, reason, "");
    }

    static Cause plan(String reason) {
      return new Cause(PLAN, reason, "");
    }
  }

  Turn(RolloutRecord before, Instant now, int partitions) {
    this.record = before.toBuilder();
    this.snapshot = before.getSnapshot().toBuilder();
    this.plan = PlanFormat.read(before.getSnapshot().getPlan());
    this.state = Phases.read(before.getSnapshot().getPhase());
    this.totals = Totals.of(before, partitions);
    this.now = now;
  }

  Plan plan() {
    return plan;
  }

  Instant now() {
    return now;
  }

  Totals totals() {
    return totals;
  }

  RolloutState state() {
    return state;
  }

  RolloutSnapshot.Builder snapshot() {
    return snapshot;
  }

  /** Keeps the stage's sums when all partitions agree on the rates behind them. */
  void keepCoherentSums() {
    int stage = state.currentStage();
    if (stage > 0 && snapshot.getRatesVersion() > 0 && totals.seesStage() && totals.seesRates()) {
      record.setCoherent(
          StageSums.newBuilder()
              .setStage(stage)
              .addAllCounts(GateBook.compact(plan, stage, totals.sums())));
    }
  }

  /** All gates on what is known. */
  Reading reading() {
    return new GateBook(plan, snapshot.getFinishedList())
        .read(state.currentStage(), stageSums(), totals.updates());
  }

  /** Whether the running stage has sums at all. */
  boolean hasStageSums() {
    return record.hasCoherent() && record.getCoherent().getStage() == state.currentStage();
  }

  /**
   * Applies an event.
   *
   * @param kind what the audit trail calls it
   * @return why it was refused; empty when it was applied
   */
  Optional<String> move(RolloutEvent event, String kind, Cause cause) {
    return switch (state.apply(event)) {
      case RolloutState.Refused refused -> Optional.of(refused.reason());
      case RolloutState.Moved moved -> {
        state = moved.to();
        snapshot
            .setPhase(Phases.write(state))
            .setRevision(snapshot.getRevision() + 1)
            .setChangedAtMs(now.toEpochMilli());
        if (state.isFinal()) {
          snapshot.setMissing("");
        }
        note(kind, cause);
        yield Optional.empty();
      }
    };
  }

  /** Ends the running stage: its sums become history, and the next one starts from zero. */
  Optional<String> passStage(Cause cause) {
    int stage = state.currentStage();
    boolean last = stage > 0 && plan.isLast(stage);
    Optional<String> refused =
        move(new RolloutEvent.StagePassed(stage, last), last ? "succeeded" : "stage_passed", cause);
    if (refused.isEmpty()) {
      StageSums sums = record.getCoherent();
      snapshot.addFinished(
          sums.getStage() == stage ? sums : StageSums.newBuilder().setStage(stage).build());
      if (!last) {
        snapshot.setReleased(0).setRatesVersion(snapshot.getRatesVersion() + 1);
        setRates(List.of());
      }
    }
    return refused;
  }

  /** Publishes the rates that the newest sums give; true when they are others than before. */
  boolean renewRates() {
    List<StratumRatesMessage> before = List.copyOf(snapshot.getRatesList());
    setRates(totals.rates());
    if (before.equals(snapshot.getRatesList())) {
      return false;
    }
    snapshot.setRatesVersion(snapshot.getRatesVersion() + 1);
    return true;
  }

  /** Writes an entry of the audit trail with the evidence of this moment. */
  void note(String kind, Cause cause) {
    events.add(Audit.entry(snapshot, kind, cause, now));
  }

  Decision decision() {
    snapshot.setProgress(totals.sum());
    return new Decision(record.setSnapshot(snapshot).build(), events);
  }

  private List<TestSums> stageSums() {
    return hasStageSums() ? record.getCoherent().getCountsList() : List.of();
  }

  private void setRates(List<RateSumsMessage> sums) {
    List<StratumRatesMessage> rates =
        new GateBook(plan, snapshot.getFinishedList())
            .rates(state.currentStage(), sums, snapshot.getRatesList());
    snapshot.clearRates().addAllRates(rates);
  }
}
