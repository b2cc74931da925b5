package dev.earshot.agent.update;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.Slot;

/**
 * One command that changes the model, as far as the device works on it.
 *
 * @param commandId of the command
 * @param rollout that sent it
 * @param release to get to
 * @param manifestDigest of the manifest that the command names; nothing else may be installed
 * @param registryUrl base address without a trailing slash
 * @param revert an explicit order to go back: an older release is allowed, and there is no trial
 * @param trialSeconds how long the new model must behave, fleet clock; 0 for a revert
 * @param target the slot that the release goes to
 * @param reason why, in the operator's words; empty for an install
 * @param conditions when it may be worked on; none for a revert
 */
public record Job(
    String commandId,
    String rollout,
    ReleaseRef release,
    Digest manifestDigest,
    String registryUrl,
    boolean revert,
    int trialSeconds,
    Slot target,
    String reason,
    Conditions conditions) {

  public Job {
    Slots.require(target);
    conditions = conditions == null || revert ? Conditions.NONE : conditions;
    require(!commandId.isEmpty() && commandId.length() <= 64, "command_id", "1 to 64 characters");
    require(rollout.length() <= 64, "rollout", "at most 64 characters");
    require(trialSeconds >= 0, "trial_seconds", ">= 0");
    require(reason.length() <= 200, "reason", "at most 200 characters");
    require(registryUrl.length() <= 200, "registry_url", "at most 200 characters");
  }

  /** The slot that the device falls back to. */
  public Slot other() {
    return Slots.other(target);
  }

  /** The same, for that slot. */
  Job to(Slot slot) {
    return new Job(
        commandId,
        rollout,
        release,
        manifestDigest,
        registryUrl,
        revert,
        trialSeconds,
        slot,
        reason,
        conditions);
  }

  private static void require(boolean holds, String field, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(field + " (expected: " + expected + ")");
    }
  }
}
