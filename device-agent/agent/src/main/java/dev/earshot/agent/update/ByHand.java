package dev.earshot.agent.update;

import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateResult;
import java.util.Optional;

/**
 * What somebody at the device can do: go back to the model before the one that listens. On trial
 * that ends the trial; before a swap it cancels the update, as the model before still listens;
 * otherwise it changes over to what the other slot holds. It needs no order: that release was
 * verified when it was installed, and whoever holds the device can do worse.
 */
final class ByHand {
  private ByHand() {}

  static Step revert(DeviceRecord record, UpdateEvent.RevertedByHand hand) {
    return switch (record.state()) {
      case UpdateState.Idle idle -> otherSlot(record, hand);
      case UpdateState.Downloading downloading -> stop(record, downloading.job(), hand);
      case UpdateState.Waiting waiting -> stop(record, waiting.job(), hand);
      case UpdateState.Verifying verifying -> stop(record, verifying.job(), hand);
      case UpdateState.Installing installing -> stop(record, installing.job(), hand);
      case UpdateState.Trial trial ->
          UpdateMachine.fallBack(record, trial.job(), UpdateResult.UPDATE_CANCELLED, text(hand));
      case UpdateState.Swapping swapping -> UpdateMachine.busy(record);
      case UpdateState.Committing committing -> UpdateMachine.busy(record);
      case UpdateState.RollingBack rollingBack -> UpdateMachine.busy(record);
    };
  }

  private static Step otherSlot(DeviceRecord record, UpdateEvent.RevertedByHand hand) {
    Slot target = Slots.other(record.active());
    Optional<Content> held = record.content(target);
    if (held.isEmpty()) {
      return UpdateMachine.refused(
          record, "slot " + Slots.label(target) + " holds no model to go back to");
    }
    Content content = held.get();
    return UpdateMachine.moved(
        record,
        new UpdateState.Swapping(
            new Job(
                hand.commandId(),
                "",
                content.release(),
                content.manifestDigest(),
                "",
                true,
                0,
                target,
                text(hand),
                Conditions.NONE),
            0));
  }

  private static Step stop(DeviceRecord record, Job job, UpdateEvent.RevertedByHand hand) {
    return UpdateMachine.ended(
        record, UpdateMachine.failure(job, UpdateResult.UPDATE_CANCELLED, text(hand)));
  }

  private static String text(UpdateEvent.RevertedByHand hand) {
    String text = "reverted by hand at the device: " + hand.reason();
    return text.length() > 200 ? text.substring(0, 200) : text;
  }
}
