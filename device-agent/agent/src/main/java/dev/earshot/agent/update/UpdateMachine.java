package dev.earshot.agent.update;

import dev.earshot.agent.update.UpdateState.Committing;
import dev.earshot.agent.update.UpdateState.Downloading;
import dev.earshot.agent.update.UpdateState.Idle;
import dev.earshot.agent.update.UpdateState.Installing;
import dev.earshot.agent.update.UpdateState.RollingBack;
import dev.earshot.agent.update.UpdateState.Swapping;
import dev.earshot.agent.update.UpdateState.Trial;
import dev.earshot.agent.update.UpdateState.Verifying;
import dev.earshot.agent.update.UpdateState.Waiting;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The update, as a pure function of record and event.
 *
 * <pre>
 * IDLE -&gt; DOWNLOADING -&gt; VERIFYING -&gt; INSTALLING -&gt; SWAPPING -&gt; TRIAL -&gt; COMMITTING -&gt; IDLE
 *   |           ^  |        ^             |          ^  |          |
 *   |           |  v        |             |          |  v          |
 *   |          WAITING      |             |        WAITING         |   (the plan's conditions)
 *   +---- revert in place --+             |             |          +-&gt; ROLLING_BACK -&gt; IDLE
 *         any failure before the swap ----+-------------+-&gt; IDLE
 * </pre>
 *
 * <p>Promises, whatever the order of events and restarts: the record always names a slot to start
 * with that holds a complete, verified release, unless the medium itself lost it; the slot that
 * listens is never written; and every state is left after a bounded number of restarts. A revert
 * has no trial: the release that it goes back to has run in the field, and a trial could only lead
 * back to the one that is being withdrawn.
 */
public final class UpdateMachine {
  /** More restarts than this in one state before the swap end the update: power cuts happen. */
  public static final int MAX_BOOTS = 10;

  /** More restarts than this while the new model is being tried bring the old one back. */
  public static final int MAX_TRIAL_BOOTS = 3;

  /** Fleet time that an install waits for its conditions in all, before it is given up: 14 days. */
  public static final long LONGEST_WAIT_MILLIS = 14 * 86_400_000L;

  private UpdateMachine() {}

  /** The one way a record moves. */
  public static Step apply(DeviceRecord record, UpdateEvent event) {
    return switch (event) {
      case UpdateEvent.Ordered ordered -> ordered(record, ordered.job());
      case UpdateEvent.Declined declined -> declined(record, declined.report());
      case UpdateEvent.Cancelled cancelled -> cancelled(record, cancelled);
      case UpdateEvent.RevertedByHand revert -> ByHand.revert(record, revert);
      case UpdateEvent.Deferred deferred -> Waits.deferred(record, deferred.reason());
      case UpdateEvent.Ready ready -> Waits.ready(record);
      case UpdateEvent.Waited waited -> Waits.waited(record, waited.millis());
      case UpdateEvent.Downloaded downloaded -> downloaded(record);
      case UpdateEvent.Verified verified -> verified(record, verified.content());
      case UpdateEvent.SelfTestPassed passed -> selfTestPassed(record);
      case UpdateEvent.Swapped swapped -> swapped(record);
      case UpdateEvent.TrialPassed passed -> trialPassed(record);
      case UpdateEvent.Committed committed -> committed(record);
      case UpdateEvent.RolledBack rolledBack -> rolledBack(record);
      case UpdateEvent.Rejected rejected -> rejected(record, rejected);
      case UpdateEvent.Failed failed -> failed(record, failed.result(), failed.text());
      case UpdateEvent.Booted booted -> booted(record.withBoot());
      case UpdateEvent.SlotDamaged damaged -> SlotDamage.apply(record, damaged);
    };
  }

  /** What a state goes on with, after a restart or when it could not be left. */
  public static List<Effect> continuation(DeviceRecord record) {
    return switch (record.state()) {
      case Idle idle -> List.of();
      case Downloading downloading -> List.of(new Effect.Download(downloading.job()));
      case Waiting waiting ->
          List.of(new Effect.Await(waiting.job(), waiting.before(), waiting.reason()));
      case Verifying verifying -> List.of(new Effect.Verify(verifying.job(), verifying.inPlace()));
      case Installing installing -> List.of(new Effect.SelfTest(installing.job()));
      case Swapping swapping -> List.of(new Effect.Swap(swapping.job()));
      case Trial trial -> List.of(new Effect.BeginTrial(trial.job()));
      case Committing committing -> List.of(new Effect.Commit());
      case RollingBack rollingBack -> List.of(new Effect.RollBack(record.active()));
    };
  }

  private static Step ordered(DeviceRecord record, Job job) {
    return switch (record.state()) {
      case Idle idle -> begin(record, job);
      case Downloading downloading -> begin(superseded(record, downloading.job()), job);
      case Waiting waiting -> begin(superseded(record, waiting.job()), job);
      case Verifying verifying -> begin(superseded(record, verifying.job()), job);
      case Installing installing -> begin(superseded(record, installing.job()), job);
      case Trial trial -> orderedInTrial(record, trial, job);
      case Swapping swapping -> busy(record);
      case Committing committing -> busy(record);
      case RollingBack rollingBack -> busy(record);
    };
  }

  static DeviceRecord superseded(DeviceRecord record, Job job) {
    return record.withFinished(job.commandId());
  }

  private static Step begin(DeviceRecord record, Job job) {
    if (holds(record.activeContent(), job)) {
      return ended(record, success(job, "this release listens already"));
    }
    Slot target = Slots.other(record.active());
    Job aimed = job.to(target);
    if (job.revert() && holds(record.content(target), job)) {
      return moved(record, new Verifying(aimed, true, 0));
    }
    return moved(record.withContent(target, null), new Downloading(aimed, 0));
  }

  private static Step orderedInTrial(DeviceRecord record, Trial trial, Job job) {
    Slot old = trial.job().other();
    if (!job.revert() || !holds(record.content(old), job)) {
      return busy(record);
    }
    return moved(
        superseded(record, trial.job()).withActive(old),
        new RollingBack(job.to(old), trial.job().target(), UpdateResult.SUCCESS, job.reason()));
  }

  private static Step declined(DeviceRecord record, Report report) {
    return record.state() instanceof Idle ? ended(record, report) : busy(record);
  }

  private static Step cancelled(DeviceRecord record, UpdateEvent.Cancelled cancel) {
    return switch (record.state()) {
      case Downloading downloading -> cancelled(record, downloading.job(), cancel);
      case Waiting waiting -> cancelled(record, waiting.job(), cancel);
      case Verifying verifying -> cancelled(record, verifying.job(), cancel);
      case Installing installing -> cancelled(record, installing.job(), cancel);
      case Idle idle -> refused(record, "there is nothing to cancel");
      case Swapping swapping -> refused(record, "too late to cancel");
      case Trial trial -> refused(record, "too late to cancel");
      case Committing committing -> refused(record, "too late to cancel");
      case RollingBack rollingBack -> refused(record, "too late to cancel");
    };
  }

  private static Step cancelled(DeviceRecord record, Job job, UpdateEvent.Cancelled cancel) {
    if (!job.rollout().equals(cancel.rollout())) {
      return refused(record, "works for rollout " + job.rollout() + ", not " + cancel.rollout());
    }
    return ended(
        superseded(record, job),
        new Report(
            cancel.commandId(),
            job.rollout(),
            job.release().toString(),
            dev.earshot.protocol.v1.UpdateState.FAILED,
            UpdateResult.UPDATE_CANCELLED,
            cancel.reason()));
  }

  private static Step downloaded(DeviceRecord record) {
    return record.state() instanceof Downloading(Job job, int boots)
        ? moved(record, new Verifying(job, false, 0))
        : misplaced(record, "downloaded");
  }

  private static Step verified(DeviceRecord record, Content content) {
    if (!(record.state() instanceof Verifying verifying)) {
      return misplaced(record, "verified");
    }
    if (!holds(Optional.of(content), verifying.job())) {
      return refused(record, "what was verified is not what was ordered");
    }
    return moved(record, new Installing(verifying.job(), content, 0));
  }

  private static Step selfTestPassed(DeviceRecord record) {
    if (!(record.state() instanceof Installing(Job job, Content content, int boots))) {
      return misplaced(record, "self-test passed");
    }
    DeviceRecord complete = record.withContent(job.target(), content);
    return record.activeContent().isEmpty()
        ? takeOver(complete, job)
        : moved(complete, new Swapping(job, 0));
  }

  private static Step swapped(DeviceRecord record) {
    return record.state() instanceof Swapping(Job job, int boots)
        ? changedOver(record, job)
        : misplaced(record, "swapped");
  }

  private static Step changedOver(DeviceRecord record, Job job, Effect... before) {
    Books books = record.books();
    return job.revert()
        ? moved(
            record.withActive(job.target()).withBooks(books.anotherModel()),
            new Committing(job),
            before)
        : moved(
            record.withActive(job.target()).withBooks(books.trialBegins()),
            new Trial(job, 0),
            before);
  }

  /**
   * The medium lost the old model, and the new one is complete and tested: it listens at once,
   * whatever the conditions say. A record that named the lost slot any longer would leave the
   * device deaf when the swap is given up.
   */
  static Step takeOver(DeviceRecord record, Job job) {
    return changedOver(record, job, new Effect.Use(job.target()));
  }

  private static Step trialPassed(DeviceRecord record) {
    return record.state() instanceof Trial(Job job, int boots)
        ? moved(record.withBooks(record.books().trialPassed()), new Committing(job))
        : misplaced(record, "trial passed");
  }

  private static Step committed(DeviceRecord record) {
    if (!(record.state() instanceof Committing(Job job))) {
      return misplaced(record, "committed");
    }
    DeviceRecord floored = record.activeContent().map(record::withFloor).orElse(record);
    return ended(floored, success(job, job.reason()));
  }

  private static Step rolledBack(DeviceRecord record) {
    return record.state() instanceof RollingBack rolling
        ? ended(
            record.withBooks(record.books().cameBack()),
            Report.of(
                rolling.job(),
                dev.earshot.protocol.v1.UpdateState.ROLLED_BACK,
                rolling.result(),
                rolling.text()))
        : misplaced(record, "rolled back");
  }

  private static Step rejected(DeviceRecord record, UpdateEvent.Rejected rejected) {
    return switch (record.state()) {
      case Downloading downloading -> rejected(record, downloading.job(), rejected);
      case Waiting waiting -> misplaced(record, "rejected");
      case Verifying verifying ->
          verifying.inPlace()
              ? downloadInstead(record, verifying.job())
              : rejected(record, verifying.job(), rejected);
      case Installing installing -> rejected(record, installing.job(), rejected);
      case Idle idle -> misplaced(record, "rejected");
      case Swapping swapping -> misplaced(record, "rejected");
      case Trial trial -> misplaced(record, "rejected");
      case Committing committing -> misplaced(record, "rejected");
      case RollingBack rollingBack -> misplaced(record, "rejected");
    };
  }

  private static Step rejected(DeviceRecord record, Job job, UpdateEvent.Rejected why) {
    return ended(
        record,
        Report.of(job, dev.earshot.protocol.v1.UpdateState.REJECTED, why.result(), why.text()));
  }

  static Step failed(DeviceRecord record, UpdateResult result, String text) {
    return switch (record.state()) {
      case Downloading downloading -> ended(record, failure(downloading.job(), result, text));
      case Waiting waiting -> ended(record, failure(waiting.job(), result, text));
      case Verifying verifying ->
          verifying.inPlace()
              ? downloadInstead(record, verifying.job())
              : ended(record, failure(verifying.job(), result, text));
      case Installing installing -> ended(record, failure(installing.job(), result, text));
      case Swapping swapping ->
          ended(record, failure(swapping.job(), result, text), new Effect.Use(record.active()));
      case Trial trial -> fallBack(record, trial.job(), result, text);
      case Idle idle -> misplaced(record, "failed");
      case Committing committing -> misplaced(record, "failed");
      case RollingBack rollingBack -> misplaced(record, "failed");
    };
  }

  static Step fallBack(DeviceRecord record, Job job, UpdateResult result, String text) {
    return moved(record.withActive(job.other()), new RollingBack(job, job.target(), result, text));
  }

  private static Step downloadInstead(DeviceRecord record, Job job) {
    return moved(record.withContent(job.target(), null), new Downloading(job, 0));
  }

  private static Step booted(DeviceRecord record) {
    return switch (record.state()) {
      case Idle idle -> resume(record);
      case Downloading(Job job, int boots) ->
          boots < MAX_BOOTS
              ? resume(record.withState(new Downloading(job, boots + 1)))
              : looped(record, job, "downloading");
      case Waiting waiting -> resume(record);
      case Verifying(Job job, boolean inPlace, int boots) ->
          boots < MAX_BOOTS
              ? resume(record.withState(new Verifying(job, inPlace, boots + 1)))
              : looped(record, job, "verifying");
      case Installing(Job job, Content content, int boots) ->
          boots < MAX_BOOTS
              ? resume(record.withState(new Installing(job, content, boots + 1)))
              : looped(record, job, "its self-test");
      case Swapping(Job job, int boots) ->
          boots < MAX_TRIAL_BOOTS
              ? resume(record.withState(new Swapping(job, boots + 1)))
              : looped(record, job, "changing over");
      case Trial(Job job, int boots) ->
          boots < MAX_TRIAL_BOOTS
              ? resume(
                  record
                      .withBooks(record.books().trialAgain())
                      .withState(new Trial(job, boots + 1)))
              : fallBack(
                  record,
                  job,
                  UpdateResult.UPDATE_FAILED,
                  "the device restarted " + (boots + 1) + " times during the trial");
      case Committing committing -> resume(record);
      case RollingBack rollingBack -> new Step.Moved(record, continuation(record));
    };
  }

  private static Step looped(DeviceRecord record, Job job, String during) {
    return ended(
        record,
        failure(
            job,
            UpdateResult.UPDATE_FAILED,
            "the device restarted too often during " + during + "; given up"),
        new Effect.Use(record.active()));
  }

  /** Start the active model, then go on with the state. */
  private static Step resume(DeviceRecord record) {
    List<Effect> effects = new ArrayList<>();
    effects.add(new Effect.Use(record.active()));
    effects.addAll(continuation(record));
    return new Step.Moved(record, effects);
  }

  static Report failure(Job job, UpdateResult result, String text) {
    return Report.of(job, dev.earshot.protocol.v1.UpdateState.FAILED, result, text);
  }

  static Report success(Job job, String text) {
    return Report.of(
        job,
        job.revert()
            ? dev.earshot.protocol.v1.UpdateState.ROLLED_BACK
            : dev.earshot.protocol.v1.UpdateState.COMMITTED,
        UpdateResult.SUCCESS,
        text);
  }

  static boolean holds(Optional<Content> content, Job job) {
    return content
        .map(
            held ->
                held.manifestDigest().equals(job.manifestDigest())
                    && held.release().equals(job.release()))
        .orElse(false);
  }

  static Step moved(DeviceRecord record, UpdateState next, Effect... before) {
    DeviceRecord there = record.withState(next);
    List<Effect> effects = new ArrayList<>(List.of(before));
    effects.add(new Effect.Announce());
    effects.addAll(continuation(there));
    return new Step.Moved(there, effects);
  }

  static Step ended(DeviceRecord record, Report report, Effect... before) {
    List<Effect> effects = new ArrayList<>(List.of(before));
    effects.add(new Effect.Announce());
    return new Step.Moved(record.ended(report), effects);
  }

  static Step busy(DeviceRecord record) {
    return refused(record, "another command is being worked on");
  }

  static Step misplaced(DeviceRecord record, String event) {
    return refused(record, "'" + event + "' has no place here");
  }

  static Step refused(DeviceRecord record, String reason) {
    return new Step.Refused(reason + " (state " + record.state().getClass().getSimpleName() + ")");
  }
}
