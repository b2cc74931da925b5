package dev.earshot.agent.update;

import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a device when a slot that was complete is found damaged: it lives on with the
 * other, if that can.
 */
final class SlotDamage {
  private SlotDamage() {}

  static Step apply(DeviceRecord record, UpdateEvent.SlotDamaged damaged) {
    DeviceRecord without = record.withContent(damaged.slot(), null);
    return damaged.slot() == record.active()
        ? activeDamaged(without, damaged.text())
        : otherDamaged(without, damaged.text());
  }

  private static Step activeDamaged(DeviceRecord record, String text) {
    Slot other = Slots.other(record.active());
    Optional<Content> rest = record.content(other);
    return switch (record.state()) {
      case UpdateState.Trial trial ->
          UpdateMachine.fallBack(record, trial.job(), UpdateResult.INTEGRITY_CHECK_FAILURE, text);
      case UpdateState.Committing committing ->
          UpdateMachine.fallBack(
              record, committing.job(), UpdateResult.INTEGRITY_CHECK_FAILURE, text);
      case UpdateState.RollingBack rolling -> {
        Report report =
            UpdateMachine.failure(
                rolling.job(),
                UpdateResult.INTEGRITY_CHECK_FAILURE,
                "the old release can't come back: " + text);
        yield rest.isEmpty()
            ? UpdateMachine.ended(record, report)
            : UpdateMachine.ended(other(record), report, new Effect.Use(other));
      }
      case UpdateState.Verifying verifying when verifying.inPlace() ->
          // The slot being verified for a revert is all there is: start with it, that is what was
          // wanted.
          UpdateMachine.ended(
              other(record), UpdateMachine.success(verifying.job(), text), new Effect.Use(other));
      case UpdateState.Idle idle ->
          rest.isEmpty()
              ? goOn(record)
              : new Step.Moved(
                  other(record), List.of(new Effect.Use(other), new Effect.Announce()));
      case UpdateState.Waiting waiting when waiting.before() == UpdateState.Stage.SWAP ->
          UpdateMachine.takeOver(record, waiting.job());
      case UpdateState.Swapping swapping -> UpdateMachine.takeOver(record, swapping.job());
      case UpdateState.Downloading downloading -> goOn(record);
      case UpdateState.Waiting waiting -> goOn(record);
      case UpdateState.Verifying verifying -> goOn(record);
      case UpdateState.Installing installing -> goOn(record);
    };
  }

  private static DeviceRecord other(DeviceRecord record) {
    return record.withActive(Slots.other(record.active())).withBooks(record.books().anotherModel());
  }

  private static Step otherDamaged(DeviceRecord record, String text) {
    boolean needed =
        record.state() instanceof UpdateState.Swapping
            || (record.state() instanceof UpdateState.Waiting waiting
                && waiting.before() == UpdateState.Stage.SWAP);
    return needed
        ? UpdateMachine.failed(record, UpdateResult.INTEGRITY_CHECK_FAILURE, text)
        : goOn(record);
  }

  private static Step goOn(DeviceRecord record) {
    List<Effect> effects = new ArrayList<>();
    effects.add(new Effect.Announce());
    effects.addAll(UpdateMachine.continuation(record));
    return new Step.Moved(record, effects);
  }
}
