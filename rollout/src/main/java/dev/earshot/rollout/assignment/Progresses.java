package dev.earshot.rollout.assignment;

import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.UpdateResult;
import dev.earshot.rollout.assignment.Progress.Open;
import dev.earshot.rollout.assignment.Progress.Step;
import java.time.Instant;
import java.util.Locale;

/** {@link Progress} as the device store keeps it. */
final class Progresses {
  private static final String TIMED_OUT_IN = "nothing heard for too long while ";

  private Progresses() {}

  static Progress read(Enrolment enrolment) {
    Instant since = Instant.ofEpochMilli(enrolment.getChangedAtMs());
    UpdateResult result = enrolment.getResult();
    String text = enrolment.getText();
    return switch (enrolment.getState()) {
      case ASSIGNMENT_OFFERED, ASSIGNMENT_STATE_UNSPECIFIED, UNRECOGNIZED ->
          open(Step.OFFERED, enrolment);
      case ASSIGNMENT_DOWNLOADING -> open(Step.DOWNLOADING, enrolment);
      case ASSIGNMENT_DOWNLOADED -> open(Step.DOWNLOADED, enrolment);
      case ASSIGNMENT_VERIFIED -> open(Step.VERIFIED, enrolment);
      case ASSIGNMENT_INSTALLED -> open(Step.INSTALLED, enrolment);
      case ASSIGNMENT_TRIAL -> open(Step.TRIAL, enrolment);
      case ASSIGNMENT_COMMITTED -> new Progress.Committed(since);
      case ASSIGNMENT_FAILED -> new Progress.Failed(since, result, text);
      case ASSIGNMENT_REJECTED -> new Progress.Rejected(since, result, text);
      case ASSIGNMENT_TIMED_OUT -> new Progress.TimedOut(since, timedOutIn(text));
      case ASSIGNMENT_ROLLED_BACK -> new Progress.RolledBack(since, result, text);
      case ASSIGNMENT_SUPERSEDED -> new Progress.Superseded(since, text);
    };
  }

  static Enrolment write(Enrolment enrolment, Progress progress) {
    Enrolment.Builder to =
        enrolment.toBuilder()
            .setChangedAtMs(progress.since().toEpochMilli())
            .clearResult()
            .clearText();
    switch (progress) {
      case Open open -> {
        to.setState(state(open.step()));
        if (!open.waitsFor().isEmpty()) {
          to.setResult(UpdateResult.UPDATE_DEFERRED).setText(open.waitsFor());
        }
      }
      case Progress.Committed c ->
          to.setState(AssignmentState.ASSIGNMENT_COMMITTED).setResult(UpdateResult.SUCCESS);
      case Progress.Failed failed ->
          to.setState(AssignmentState.ASSIGNMENT_FAILED)
              .setResult(failed.result())
              .setText(failed.text());
      case Progress.Rejected rejected ->
          to.setState(AssignmentState.ASSIGNMENT_REJECTED)
              .setResult(rejected.result())
              .setText(rejected.text());
      case Progress.TimedOut timedOut ->
          to.setState(AssignmentState.ASSIGNMENT_TIMED_OUT)
              .setText(TIMED_OUT_IN + timedOut.in().word());
      case Progress.RolledBack back ->
          to.setState(AssignmentState.ASSIGNMENT_ROLLED_BACK)
              .setResult(back.result())
              .setText(back.text());
      case Progress.Superseded superseded ->
          to.setState(AssignmentState.ASSIGNMENT_SUPERSEDED).setText(superseded.text());
    }
    return to.build();
  }

  /** Whether the device waits for a condition of the plan. */
  static boolean waits(Enrolment enrolment) {
    return read(enrolment) instanceof Open open && !open.waitsFor().isEmpty();
  }

  private static Open open(Step step, Enrolment enrolment) {
    return new Open(
        step,
        Instant.ofEpochMilli(enrolment.getChangedAtMs()),
        enrolment.getResult() == UpdateResult.UPDATE_DEFERRED ? enrolment.getText() : "");
  }

  private static AssignmentState state(Step step) {
    return switch (step) {
      case OFFERED -> AssignmentState.ASSIGNMENT_OFFERED;
      case DOWNLOADING -> AssignmentState.ASSIGNMENT_DOWNLOADING;
      case DOWNLOADED -> AssignmentState.ASSIGNMENT_DOWNLOADED;
      case VERIFIED -> AssignmentState.ASSIGNMENT_VERIFIED;
      case INSTALLED -> AssignmentState.ASSIGNMENT_INSTALLED;
      case TRIAL -> AssignmentState.ASSIGNMENT_TRIAL;
    };
  }

  private static Step timedOutIn(String text) {
    return Step.valueOf(text.substring(TIMED_OUT_IN.length()).toUpperCase(Locale.ROOT));
  }
}
