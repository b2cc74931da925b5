package dev.earshot.agent.update;

import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.protocol.v1.UpdateResult;

/**
 * How the newest command ended, kept until the next one: a report that could not be sent waits for
 * days if it must.
 *
 * @param state COMMITTED, FAILED, REJECTED or ROLLED_BACK
 * @param text why, in words; cut to 200 characters
 */
public record Report(
    String commandId,
    String rollout,
    String release,
    dev.earshot.protocol.v1.UpdateState state,
    UpdateResult result,
    String text) {

  private static final int LONGEST_TEXT = 200;

  public Report {
    if (text.length() > LONGEST_TEXT) {
      text = text.substring(0, LONGEST_TEXT);
    }
  }

  /** How a command's work ended. */
  public static Report of(
      Job job, dev.earshot.protocol.v1.UpdateState state, UpdateResult result, String text) {
    return new Report(
        job.commandId(), job.rollout(), job.release().toString(), state, result, text);
  }

  /** As the status carries it. */
  public UpdateReport toMessage() {
    return UpdateReport.newBuilder()
        .setCommandId(commandId)
        .setRollout(rollout)
        .setRelease(release)
        .setState(state)
        .setResult(result)
        .setText(text)
        .build();
  }
}
