package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.v1.PartitionSummary;
import dev.earshot.protocol.v1.RolloutRecord;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.lifecycle.RolloutState.Offering;
import dev.earshot.rollout.lifecycle.RolloutState.Paused;
import dev.earshot.rollout.lifecycle.RolloutState.Proven;
import dev.earshot.rollout.lifecycle.RolloutState.RollingBack;
import dev.earshot.rollout.lifecycle.RolloutState.Running;
import dev.earshot.rollout.lifecycle.RolloutState.Scheduled;
import dev.earshot.rollout.lifecycle.RolloutState.Soaking;
import dev.earshot.rollout.lifecycle.Turn.Cause;
import dev.earshot.rollout.release.Catalogue;
import dev.earshot.rollout.release.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Conducts rollouts: takes in what operators ask ({@link #request}), what partitions report ({@link
 * #summary}) and the passing of time ({@link #tick}), and decides. Harm stops at once; a stage is
 * passed when all offers are out, it has soaked, nothing alarms and non-inferiority is shown; else
 * the rollout keeps listening and says what is missing.
 *
 * <p>Two rounds make the evidence: partitions report raw sums, from which this makes fleet-wide
 * rates with a version; partitions weigh their devices with them and report test sums; the gates
 * look only at test sums that all partitions weighed with the same version.
 *
 * <p>Pure: the same calls give the same decisions.
 */
public final class Conductor {
  /** How long a preview is kept, fleet time. */
  static final Duration PREVIEW_KEPT = Duration.ofDays(1);

  private final int partitions;
  private final Catalogue catalogue;
  private final PlanShelf plans = new PlanShelf();
  private final RequestDesk requests;

  /**
   * A conductor.
   *
   * @param partitions of the device topics; decisions wait for all of them
   * @param catalogue says which releases may still run
   */
  public Conductor(int partitions, Catalogue catalogue) {
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions: " + partitions + " (expected: at least 1)");
    }
    this.partitions = partitions;
    this.catalogue = catalogue;
    this.requests = new RequestDesk(partitions, plans, catalogue);
  }

  /** Answers one request; exactly one of the events carries its id. */
  public Decision request(@Nullable RolloutRecord record, RolloutRequest request, Instant now) {
    return requests.answer(record, request, now);
  }

  /** Takes in a partition's summary; it replaces that partition's older one. */
  public RolloutRecord summary(RolloutRecord record, PartitionSummary summary) {
    List<PartitionSummary> others = new ArrayList<>();
    for (PartitionSummary other : record.getSummariesList()) {
      if (other.getPartition() != summary.getPartition()) {
        others.add(other);
      }
    }
    return record.toBuilder()
        .clearSummaries()
        .addAllSummaries(others)
        .addSummaries(summary)
        .build();
  }

  /** Whether a rollout has to be looked at: it is not over, or its release was revoked since. */
  public boolean isUnderWay(RolloutRecord record) {
    return !Phases.read(record.getSnapshot().getPhase()).isFinal()
        || revocation(record).isPresent();
  }

  /** The revocation of its release, when something follows from it for this rollout. */
  private Optional<Revocation> revocation(RolloutRecord record) {
    RolloutSnapshot snapshot = record.getSnapshot();
    RolloutState state = Phases.read(snapshot.getPhase());
    boolean over =
        snapshot.getPreview()
            || state instanceof RollingBack
            || state instanceof RolloutState.RolledBack
            || (state instanceof RolloutState.Cancelled && Turn.lastStage(snapshot) == 0);
    return over
        ? Optional.empty()
        : Revocation.of(catalogue.find(snapshot.getTarget().getRelease()));
  }

  /**
   * Looks at a rollout.
   *
   * @param elapsed fleet time since the last look, zero at the first
   */
  public Decision tick(RolloutRecord record, Instant now, Duration elapsed) {
    if (isStalePreview(record, now)) {
      return Decision.FORGOTTEN;
    }
    Turn turn = new Turn(record, plans.of(record.getSnapshot().getPlan()), now, partitions);
    Optional<Revocation> revocation = revocation(record);
    if (revocation.isPresent()) {
      turn.revoke(revocation.get());
      return turn.decision();
    }
    switch (turn.state()) {
      case RolloutState.Draft d -> {
        turn.keepCensus();
        turn.snapshot().setMissing("it has not been started");
      }
      case RolloutState.AwaitingApproval a -> awaitApproval(turn);
      case Scheduled scheduled -> {
        turn.keepCensus();
        if (!now.isBefore(scheduled.startsAt()) && turn.freeze().isEmpty()) {
          turn.move(new RolloutEvent.Started(), "started", Cause.plan("its start time has come"));
        }
      }
      case Running running -> advance(turn, running, elapsed);
      case Paused paused -> listen(turn);
      case RollingBack back -> finishRollback(turn);
      case RolloutState.RolledBack r -> turn.snapshot().setMissing("");
      case RolloutState.Succeeded s -> turn.snapshot().setMissing("");
      case RolloutState.Cancelled c -> turn.snapshot().setMissing("");
    }
    return turn.decision();
  }

  private static boolean isStalePreview(RolloutRecord record, Instant now) {
    return record.getSnapshot().getPreview()
        && now.toEpochMilli() - record.getSnapshot().getCreatedAtMs() >= PREVIEW_KEPT.toMillis();
  }

  private static void awaitApproval(Turn turn) {
    turn.keepCensus();
    String missing = turn.missingApproval();
    turn.snapshot().setMissing(missing);
    if (missing.isEmpty()) {
      turn.begin(Cause.plan("approved by " + String.join(", ", turn.approvers())));
    }
  }

  private static void advance(Turn turn, Running running, Duration elapsed) {
    if (listen(turn)) {
      return;
    }
    Totals totals = turn.totals();
    if (!totals.seesStage()) {
      turn.snapshot().setMissing("the devices' side has not reported yet");
      return;
    }
    switch (running.step()) {
      case Offering offering -> offer(turn, running, elapsed);
      case Soaking soaking -> soak(turn, running, soaking);
      case Proven proven -> prove(turn, running);
    }
  }

  /** Renews the evidence and acts on harm; true when the rollout has left its state. */
  private static boolean listen(Turn turn) {
    turn.keepCoherentSums();
    boolean renewable =
        turn.totals().seesStage()
            && (turn.snapshot().getRatesVersion() == 0 || turn.totals().seesRates());
    Reading reading = turn.reading();
    turn.snapshot().setGates(reading.json());
    Optional<GateReport> harm = reading.harm();
    if (harm.isPresent()) {
      return stop(turn, harm.get());
    }
    if (renewable) {
      turn.renewRates();
    }
    return false;
  }

  private static boolean stop(Turn turn, GateReport gate) {
    String alarm = Reading.alarm(gate);
    if (gate.rollsBack()) {
      turn.move(new RolloutEvent.RollbackOrdered(alarm), "rollback_started", Cause.gate(alarm));
      return true;
    }
    if (turn.state() instanceof Running) {
      turn.move(new RolloutEvent.PauseOrdered(alarm), "paused", Cause.gate(alarm));
    }
    turn.snapshot().setMissing("an operator has to decide: " + alarm);
    return true;
  }

  private static void offer(Turn turn, Running running, Duration elapsed) {
    Totals totals = turn.totals();
    long drawn = totals.drawnIn(running.stage());
    long known = drawn + totals.sum().getControlRunning() + totals.sum().getControlWaiting();
    if (known == 0) {
      turn.snapshot().setMissing("no reachable device is in the cohort");
      return;
    }
    Optional<String> frozen = turn.freeze();
    if (frozen.isEmpty()) {
      turn.release(running.stage(), elapsed);
    }
    turn.snapshot()
        .setMissing(
            frozen.orElse(
                totals.sum().getTreatedWaiting() + " of " + drawn + " offers to be made"));
    if (totals.releasedEverywhere() && totals.sum().getTreatedWaiting() == 0) {
      turn.move(
          new RolloutEvent.OffersDone(turn.now()),
          "offers_done",
          Cause.plan(drawn + " devices were told in stage " + running.stage()));
    }
  }

  private static void soak(Turn turn, Running running, Soaking soaking) {
    int stage = running.stage();
    List<String> missing = turn.missingToPass(stage, soaking.since());
    boolean last = turn.plan().isLast(stage);
    boolean asks = !last && turn.plan().approval().isAskedBefore(stage + 1);
    if (!last && !asks) {
      turn.freeze().ifPresent(missing::add);
    }
    turn.snapshot().setMissing(String.join("; ", missing));
    if (!missing.isEmpty() || !turn.totals().seesRevision()) {
      return;
    }
    Cause cause = Cause.gate("stage " + stage + " has soaked and is not worse by its margins");
    if (asks) {
      turn.move(new RolloutEvent.StageProven(turn.now()), "stage_proven", cause);
    } else {
      turn.passStage(cause);
    }
  }

  /** The gates have spoken; people have not yet. */
  private static void prove(Turn turn, Running running) {
    List<String> missing = new ArrayList<>();
    if (!turn.missingApproval().isEmpty()) {
      missing.add(turn.missingApproval());
    }
    turn.freeze().ifPresent(missing::add);
    turn.snapshot().setMissing(String.join("; ", missing));
    if (missing.isEmpty() && turn.totals().seesRevision()) {
      turn.passStage(
          Cause.plan(
              "stage "
                  + (running.stage() + 1)
                  + " was approved by "
                  + String.join(", ", turn.approvers())));
    }
  }

  private static String stranded(int devices) {
    return devices == 0
        ? ""
        : ", " + devices + " stay where they are: all that they ran before is revoked";
  }

  private static void finishRollback(Turn turn) {
    Totals totals = turn.totals();
    long reverting = totals.sum().getReverting();
    turn.snapshot().setMissing(reverting + " devices have not come back yet");
    if (totals.seesRevision() && reverting == 0) {
      turn.move(
          new RolloutEvent.RollbackDone(),
          "rolled_back",
          Cause.plan(
              totals.sum().getReverted()
                  + " devices came back, "
                  + totals.sum().getUnreachable()
                  + " were not reached"
                  + stranded(totals.sum().getStranded())));
    }
  }
}
