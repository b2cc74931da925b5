package dev.earshot.rollout.assignment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.UpdateResult;
import dev.earshot.protocol.v1.UpdateState;
import dev.earshot.rollout.assignment.Progress.Checked;
import dev.earshot.rollout.assignment.Progress.Committed;
import dev.earshot.rollout.assignment.Progress.Event;
import dev.earshot.rollout.assignment.Progress.Failed;
import dev.earshot.rollout.assignment.Progress.Open;
import dev.earshot.rollout.assignment.Progress.Rejected;
import dev.earshot.rollout.assignment.Progress.Reported;
import dev.earshot.rollout.assignment.Progress.RolledBack;
import dev.earshot.rollout.assignment.Progress.RolloutEnded;
import dev.earshot.rollout.assignment.Progress.Step;
import dev.earshot.rollout.assignment.Progress.Superseded;
import dev.earshot.rollout.assignment.Progress.TimedOut;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.plan.PlanFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private static final Instant T0 = Instant.parse("2026-01-05T00:00:00Z");
  private static final Instant T1 = T0.plusSeconds(60);
  private static final Plan PLAN = Plan.of(new ReleaseRef("hey-nova", "1.1.0"), "true");
  private static final Plan PATIENT =
      PlanFormat.read(
          """
          release: hey-nova:1.1.0
          cohort: "true"
          install: {charging: true}
          """);
  private static final List<Progress> ENDS =
      List.of(
          new Committed(T0),
          new Failed(T0, UpdateResult.INTEGRITY_CHECK_FAILURE, "digest differs"),
          new Rejected(T0, UpdateResult.UNSUPPORTED_PACKAGE_TYPE, "wrong chip"),
          new TimedOut(T0, Step.DOWNLOADING),
          new RolledBack(T0, UpdateResult.UPDATE_FAILED, "trial failed"),
          new Superseded(T0, ""),
          new Superseded(T0, "left out"));

  @Test
  void reports_moveForwardOnly() {
    Progress trial = new Open(Step.TRIAL, T0);
    assertSame(trial, trial.apply(report(UpdateState.DOWNLOADING)));
    assertEquals(
        new Open(Step.TRIAL, T1),
        new Open(Step.OFFERED, T0).apply(report(UpdateState.TRIAL)),
        "statuses may be missing in between");
    assertEquals(new Committed(T1), trial.apply(report(UpdateState.COMMITTED)));
    assertEquals(
        new RolledBack(T1, UpdateResult.UPDATE_FAILED, "why"),
        trial.apply(report(UpdateState.ROLLED_BACK)));
    assertEquals(
        new Failed(T1, UpdateResult.UPDATE_FAILED, "why"), trial.apply(report(UpdateState.FAILED)));
    assertEquals(
        new Rejected(T1, UpdateResult.UPDATE_FAILED, "why"),
        trial.apply(report(UpdateState.REJECTED)));
  }

  @Test
  void everyOpenState_endsAtItsDeadlineAndNotBefore() {
    for (Step step : Step.values()) {
      Open open = new Open(step, T0);
      Instant deadline = T0.plus(step.limit(PLAN));
      assertSame(open, open.apply(new Checked(PLAN, T0, deadline.minusMillis(1))));
      assertEquals(new TimedOut(deadline, step), open.apply(new Checked(PLAN, T0, deadline)));
    }
    assertEquals(
        Duration.ofMinutes(30).plus(Duration.ofHours(6)),
        Step.TRIAL.limit(PLAN),
        "the trial itself is no delay");
  }

  @Test
  void finalState_isLeftByNothing() {
    List<Event> events =
        List.of(
            report(UpdateState.COMMITTED),
            report(UpdateState.FAILED),
            new Checked(PLAN, T0, T0.plus(Duration.ofDays(365))),
            new RolloutEnded(T1));
    for (Progress end : ENDS) {
      events.forEach(event -> assertSame(end, end.apply(event)));
    }
  }

  @Test
  void everyState_survivesBeingWrittenAndRead() {
    for (Progress end : ENDS) {
      assertEquals(end, Progresses.read(Progresses.write(Enrolment.getDefaultInstance(), end)));
    }
    for (Step step : Step.values()) {
      Open open = new Open(step, T0);
      assertEquals(open, Progresses.read(Progresses.write(Enrolment.getDefaultInstance(), open)));
      Open waits = new Open(step, T0, "waits for the charger");
      assertEquals(waits, Progresses.read(Progresses.write(Enrolment.getDefaultInstance(), waits)));
    }
  }

  @Test
  void deviceThatWaitsForADeclaredCondition_isNotLateWhileItWaits() {
    Progress began = new Open(Step.DOWNLOADING, T0);
    Progress waits = began.apply(deferred(UpdateState.DOWNLOADING, T1));
    assertEquals(new Open(Step.DOWNLOADING, T1, "waits for the charger"), waits);
    Instant late = T0.plus(Duration.ofDays(6));
    assertSame(waits, waits.apply(new Checked(PATIENT, T0, late)));
    assertSame(
        waits, waits.apply(deferred(UpdateState.DOWNLOADING, late)), "the same wait, told again");
    Progress goesOn =
        waits.apply(new Reported(UpdateState.DOWNLOADING, UpdateResult.INITIAL, "", late));
    assertEquals(new Open(Step.DOWNLOADING, late), goesOn, "its time begins anew");
  }

  @Test
  void deviceThatWaitsUntilTheEnd_isLeftOutAndHasNotFailed() {
    Progress waits = new Open(Step.DOWNLOADING, T1, "waits for the charger");
    Instant end = T0.plus(PATIENT.deadlines().waiting());
    assertSame(waits, waits.apply(new Checked(PATIENT, T0, end.minusMillis(1))));
    assertEquals(
        new Superseded(end, "left out: it still waits for the charger"),
        waits.apply(new Checked(PATIENT, T0, end)));
  }

  @Test
  void deviceThatWaitsForWhatNobodyAskedFor_isLate() {
    Progress waits = new Open(Step.DOWNLOADING, T0, "waits for better weather");
    Instant deadline = T0.plus(Step.DOWNLOADING.limit(PLAN));
    assertEquals(
        new TimedOut(deadline, Step.DOWNLOADING), waits.apply(new Checked(PLAN, T0, deadline)));
  }

  @Test
  void deviceThatBeginsAgainAndWaits_waitsWhereItWas() {
    Progress verified = new Open(Step.VERIFIED, T0);
    assertEquals(
        new Open(Step.VERIFIED, T1, "waits for the charger"),
        verified.apply(deferred(UpdateState.DOWNLOADING, T1)));
  }

  private static Reported deferred(UpdateState state, Instant at) {
    return new Reported(state, UpdateResult.UPDATE_DEFERRED, "waits for the charger", at);
  }

  private static Reported report(UpdateState state) {
    return new Reported(state, UpdateResult.UPDATE_FAILED, "why", T1);
  }
}
