package dev.earshot.rollout.assignment;

import dev.earshot.protocol.v1.UpdateResult;
import dev.earshot.protocol.v1.UpdateState;
import dev.earshot.rollout.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * How far a treated device's update is, as the rollout counts it. Every state that is not final has
 * a deadline: silence counts as failure. A final state stays, whatever a late report says: evidence
 * that was used is not taken back.
 */
public sealed interface Progress {
  /** When it was entered, fleet time. */
  Instant since();

  /**
   * The device works on it, or was told.
   *
   * @param since when it came to that step, began to wait there, or went on
   * @param waitsFor in the device's words, which condition of the plan does not hold; empty when it
   *     does not wait
   */
  record Open(Step step, Instant since, String waitsFor) implements Progress {
    public Open(Step step, Instant since) {
      this(step, since, "");
    }
  }

  /** The new release listens and has proved itself. */
  record Committed(Instant since) implements Progress {}

  /** Ended before the swap. */
  record Failed(Instant since, UpdateResult result, String text) implements Progress {}

  /** The device refused the offer. */
  record Rejected(Instant since, UpdateResult result, String text) implements Progress {}

  /** Nothing was heard for too long. */
  record TimedOut(Instant since, Step in) implements Progress {}

  /** The device swapped and came back by itself. */
  record RolledBack(Instant since, UpdateResult result, String text) implements Progress {}

  /**
   * Ended neither well nor badly.
   *
   * @param text why; empty when the rollout ended before the device did
   */
  record Superseded(Instant since, String text) implements Progress {}

  /** The states that are not final, in the order in which a device passes through them. */
  enum Step {
    OFFERED,
    DOWNLOADING,
    DOWNLOADED,
    VERIFIED,
    INSTALLED,
    TRIAL;

    /** How long a device may stay. */
    Duration limit(Plan plan) {
      return switch (this) {
        case OFFERED -> plan.deadlines().offered();
        case DOWNLOADING -> plan.deadlines().downloading();
        case DOWNLOADED, VERIFIED, INSTALLED -> plan.deadlines().installing();
        case TRIAL -> plan.trial().plus(plan.deadlines().trial());
      };
    }

    /** As people read it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What can happen to it. */
  sealed interface Event {}

  /** The device's status tells about this rollout's order. */
  record Reported(UpdateState state, UpdateResult result, String text, Instant at)
      implements Event {
    /** What the device waits for before it goes on, in its words; empty when it does not. */
    String waitsFor() {
      if (result != UpdateResult.UPDATE_DEFERRED) {
        return "";
      }
      return text.isBlank() ? "waits" : text;
    }
  }

  /** Time has passed since the offer. */
  record Checked(Plan plan, Instant offeredAt, Instant now) implements Event {}

  /** The rollout is over. */
  record RolloutEnded(Instant at) implements Event {}

  /** Applies one event; the same object when nothing changes. */
  default Progress apply(Event event) {
    return switch (this) {
      case Open open ->
          switch (event) {
            case Reported report -> reported(report);
            case Checked check -> checked(check);
            case RolloutEnded ended -> new Superseded(ended.at(), "");
          };
      case Committed c -> this;
      case Failed f -> this;
      case Rejected r -> this;
      case TimedOut t -> this;
      case RolledBack r -> this;
      case Superseded s -> this;
    };
  }

  /**
   * Whether it ended for a reason that may be gone the next time: late, cut off, damaged on the way
   * or put off by the device. Who swapped and came back, or refused, is not asked again.
   */
  default boolean isWorthAnotherTry() {
    return switch (this) {
      case TimedOut timedOut -> timedOut.in() != Step.TRIAL;
      case Failed failed -> isPassing(failed.result());
      case Rejected rejected -> isPassing(rejected.result());
      case Open o -> false;
      case Committed c -> false;
      case RolledBack r -> false;
      case Superseded s -> false;
    };
  }

  private static boolean isPassing(UpdateResult result) {
    return switch (result) {
      case CONNECTION_LOST, INTEGRITY_CHECK_FAILURE, UPDATE_DEFERRED -> true;
      case INITIAL,
          SUCCESS,
          NOT_ENOUGH_FLASH,
          OUT_OF_RAM,
          UNSUPPORTED_PACKAGE_TYPE,
          INVALID_URI,
          UPDATE_FAILED,
          UNSUPPORTED_PROTOCOL,
          UPDATE_CANCELLED,
          UNRECOGNIZED ->
          false;
    };
  }

  private Progress reported(Reported report) {
    return switch (report.state()) {
      case DOWNLOADING -> at(Step.DOWNLOADING, report);
      case DOWNLOADED -> at(Step.DOWNLOADED, report);
      case VERIFIED -> at(Step.VERIFIED, report);
      case INSTALLED -> at(Step.INSTALLED, report);
      case TRIAL -> at(Step.TRIAL, report);
      case COMMITTED -> new Committed(report.at());
      case FAILED -> new Failed(report.at(), report.result(), report.text());
      case REJECTED -> new Rejected(report.at(), report.result(), report.text());
      case ROLLED_BACK -> new RolledBack(report.at(), report.result(), report.text());
      case UPDATE_STATE_UNSPECIFIED, UNRECOGNIZED -> this;
    };
  }

  /**
   * Only forward: a device that begins again after a power cut does not get its time again; one
   * that had to wait does.
   */
  private Progress at(Step step, Reported report) {
    if (!(this instanceof Open open)) {
      return this;
    }
    Step reached = step.compareTo(open.step()) > 0 ? step : open.step();
    String waitsFor = report.waitsFor();
    boolean goesOnAsBefore =
        reached == open.step() && waitsFor.isEmpty() == open.waitsFor().isEmpty();
    Open next = new Open(reached, goesOnAsBefore ? open.since() : report.at(), waitsFor);
    return next.equals(open) ? this : next;
  }

  private Progress checked(Checked check) {
    if (!(this instanceof Open open)) {
      return this;
    }
    Plan plan = check.plan();
    if (!open.waitsFor().isEmpty() && plan.install().asksAnything()) {
      Instant patience = check.offeredAt().plus(plan.deadlines().waiting());
      return check.now().isBefore(patience)
          ? this
          : new Superseded(check.now(), "left out: it still " + open.waitsFor());
    }
    return check.now().isBefore(open.since().plus(open.step().limit(plan)))
        ? this
        : new TimedOut(check.now(), open.step());
  }
}
