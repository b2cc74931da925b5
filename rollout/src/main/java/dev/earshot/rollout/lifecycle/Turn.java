package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.document.Durations;
import dev.earshot.protocol.v1.RateSumsMessage;
import dev.earshot.protocol.v1.RolloutRecord;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.protocol.v1.RolloutSnapshotOrBuilder;
import dev.earshot.protocol.v1.StageSums;
import dev.earshot.protocol.v1.StratumRatesMessage;
import dev.earshot.rollout.evidence.StageSumsCodec;
import dev.earshot.rollout.plan.Freeze;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.plan.Stage;
import dev.earshot.rollout.release.Revocation;
import dev.earshot.rollout.stage.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * One look at one rollout: the record as it becomes, and the events on the way. Lives for the
 * duration of one call of the {@link Conductor}.
 */
final class Turn {
  private static final double MILLIS_PER_HOUR = 3_600_000;

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

  Turn(RolloutRecord before, Plan plan, Instant now, int partitions) {
    this.record = before.toBuilder();
    this.snapshot = before.getSnapshot().toBuilder();
    this.plan = plan;
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
      record.setCoherent(StageSumsCodec.add(plan, stage, totals.sums()));
    }
  }

  /** All gates on what is known. */
  Reading reading() {
    double hours =
        snapshot.getStageBeganMs() == 0
            ? Double.NaN
            : (now.toEpochMilli() - snapshot.getStageBeganMs()) / MILLIS_PER_HOUR;
    return new GateBook(plan, stagesBefore(), stageSums(), hours).read();
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
    int stageBefore = state.currentStage();
    // What led to the event, not what it leads to.
    boolean over = state.isFinal();
    List<StageSums> evidence = over ? List.of() : evidence();
    if (stageBefore > 0 && !over) {
      snapshot.setGates(reading().json());
    }
    return switch (state.apply(event)) {
      case RolloutState.Refused refused -> Optional.of(refused.reason());
      case RolloutState.Moved moved -> {
        state = moved.to();
        snapshot
            .setPhase(Phases.write(state))
            .setRevision(snapshot.getRevision() + 1)
            .setChangedAtMs(now.toEpochMilli());
        if (state.currentStage() != stageBefore) {
          snapshot.setStageBeganMs(now.toEpochMilli());
        }
        snapshot.setMissing("").setExpectedMs(0);
        events.add(Audit.entry(snapshot, evidence, kind, cause, now));
        yield Optional.empty();
      }
    };
  }

  /** The release is revoked: nobody is told any more, and whoever has it goes back. */
  Optional<String> revoke(Revocation revocation) {
    Cause cause = new Cause(revocation.actor(), revocation.words(), "");
    return move(
        new RolloutEvent.Revoked(lastStage(snapshot), revocation.words()), "revoked", cause);
  }

  /** The stage in which devices were told last; 0: none was. */
  static int lastStage(RolloutSnapshotOrBuilder of) {
    int stage = Phases.read(of.getPhase()).currentStage();
    boolean hasBegun = of.getStageBeganMs() > 0;
    return stage > 0 || !hasBegun ? stage : of.getFinishedCount() + 1;
  }

  /** Begins, now or when the plan allows it. */
  Optional<String> begin(Cause cause) {
    Instant earliest = now;
    Instant startAt = plan.schedule().startAt();
    if (startAt != null && startAt.isAfter(earliest)) {
      earliest = startAt;
    }
    Optional<Freeze> freeze = plan.schedule().freeze(earliest);
    if (freeze.isPresent()) {
      earliest = freeze.get().until();
    }
    return earliest.isAfter(now)
        ? move(new RolloutEvent.ScheduledFor(earliest), "scheduled", cause)
        : move(new RolloutEvent.Started(), "started", cause);
  }

  /** Lets some more clocks start, at the plan's pace. */
  void release(int stage, Duration elapsed) {
    snapshot.setReleased(
        Pace.advance(
            snapshot.getReleased(),
            plan.offers(),
            elapsed,
            totals.drawnIn(stage),
            totals.downloadedIn(stage),
            totals.updates().committed()));
  }

  /** Why nothing new may begin now, in words; empty when it may. */
  Optional<String> freeze() {
    return plan.schedule()
        .freeze(now)
        .map(
            freeze ->
                "frozen until "
                    + freeze.until()
                    + (freeze.reason().isBlank() ? "" : " (" + freeze.reason() + ")"));
  }

  /** Who has consented to what the rollout waits for, sorted. */
  List<String> approvers() {
    return List.copyOf(new TreeSet<>(state.approvedBy()));
  }

  /** Whose consent is missing, in words; empty when nobody's is. */
  String missingApproval() {
    int left = plan.approval().count() - state.approvedBy().size();
    if (left <= 0) {
      return "";
    }
    String who =
        plan.approval().by().isEmpty()
            ? ""
            : " of " + String.join(", ", new TreeSet<>(plan.approval().by()));
    return left + (left == 1 ? " approval" : " approvals") + who + " to go";
  }

  /** What the soaking stage still needs, in words; also says when it can be expected. */
  List<String> missingToPass(int stage, Instant soakingSince) {
    Stage planned = plan.stage(stage);
    List<String> missing = new ArrayList<>();
    Instant soaked = soakingSince.plus(planned.soak());
    if (now.isBefore(soaked)) {
      Duration left = Duration.between(now, soaked);
      missing.add(
          "soaks for " + Durations.format(Duration.ofMinutes(left.toMinutes() + 1)) + " more");
    }
    Reading reading = reading();
    if (!hasStageSums()) {
      missing.add("no evidence of this stage has come in yet");
    } else {
      missing.addAll(reading.missing());
      double listened = stageSums().getTreated().getListeningHours();
      if (listened < planned.minExposureHours()) {
        missing.add(
            String.format(
                Locale.ROOT,
                "%.0f of %.0f listening hours of treated devices",
                listened,
                planned.minExposureHours()));
      }
    }
    long pending = totals.updates().pending();
    if (plan.isLast(stage) && pending > 0) {
      String waits = totals.waits();
      missing.add(pending + " updates are under way" + (waits.isEmpty() ? "" : " (" + waits + ")"));
    }
    expect(soaked, reading.missingHours());
    return missing;
  }

  private void expect(Instant soaked, OptionalDouble missingHours) {
    if (missingHours.isEmpty()) {
      snapshot.setExpectedMs(0);
      return;
    }
    long shown = now.toEpochMilli() + Math.round(missingHours.getAsDouble() * MILLIS_PER_HOUR);
    snapshot.setExpectedMs(Math.max(shown, soaked.toEpochMilli()));
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
        snapshot
            .setReleased(0)
            .setRatesVersion(snapshot.getRatesVersion() + 1)
            .clearRates()
            .addAllRates(rates(List.of()));
      }
    }
    return refused;
  }

  /** Publishes the rates that the newest sums give, when they are others than before. */
  void renewRates() {
    List<StratumRatesMessage> fresh = rates(totals.rates());
    if (!fresh.equals(snapshot.getRatesList())) {
      snapshot.setRatesVersion(snapshot.getRatesVersion() + 1).clearRates().addAllRates(fresh);
    }
  }

  /** Keeps whom the rollout would reach. */
  void keepCensus() {
    if (totals.sum().hasCensus()) {
      snapshot.setCensus(totals.sum().getCensus());
    }
  }

  /** Writes an entry of the audit trail about something that moved nothing. */
  void note(String kind, Cause cause) {
    events.add(Audit.entry(snapshot, List.of(), kind, cause, now));
  }

  Decision decision() {
    snapshot.setProgress(totals.sum().toBuilder().clearCensus());
    return new Decision(record.setSnapshot(snapshot).build(), events);
  }

  /** The running stage's sums, with how its updates fare now; of no stage before the first. */
  private StageSums stageSums() {
    StageSums.Builder sums =
        hasStageSums()
            ? record.getCoherent().toBuilder()
            : StageSums.newBuilder().setStage(state.currentStage());
    return sums.clearUpdates().addAllUpdates(totals.sum().getTreatedList()).build();
  }

  /** Finished stages before this one: a rollout that was over is in its last stage again. */
  private List<StageSums> stagesBefore() {
    return snapshot.getFinishedList().stream()
        .filter(sums -> sums.getStage() < state.currentStage())
        .toList();
  }

  private List<StageSums> evidence() {
    List<StageSums> stages = new ArrayList<>(stagesBefore());
    StageSums running = stageSums();
    if (running.getStage() > stages.size()) {
      stages.add(running);
    }
    return stages;
  }

  private List<StratumRatesMessage> rates(List<RateSumsMessage> sums) {
    return new StageRates(plan, snapshot.getFinishedList())
        .of(state.currentStage(), sums, snapshot.getRatesList());
  }
}
