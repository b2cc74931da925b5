package dev.earshot.agent.update;

import dev.earshot.agent.update.UpdateState.Downloading;
import dev.earshot.agent.update.UpdateState.Stage;
import dev.earshot.agent.update.UpdateState.Swapping;
import dev.earshot.agent.update.UpdateState.Waiting;
import dev.earshot.protocol.v1.UpdateResult;

/** How an update waits for its conditions, and goes on. */
final class Waits {
  private Waits() {}

  static Step deferred(DeviceRecord record, String reason) {
    if (record.state() instanceof Downloading(Job job, int boots)) {
      return UpdateMachine.moved(record, new Waiting(job, Stage.DOWNLOAD, reason, boots, 0));
    }
    if (record.state() instanceof Swapping(Job job, int boots)) {
      return UpdateMachine.moved(record, new Waiting(job, Stage.SWAP, reason, boots, 0));
    }
    if (record.state() instanceof Waiting(Job job, Stage before, String old, int boots, long ms)) {
      return UpdateMachine.moved(record, new Waiting(job, before, reason, boots, ms));
    }
    return UpdateMachine.misplaced(record, "deferred");
  }

  static Step ready(DeviceRecord record) {
    if (!(record.state() instanceof Waiting waiting)) {
      return UpdateMachine.misplaced(record, "ready");
    }
    return UpdateMachine.moved(
        record,
        switch (waiting.before()) {
          case DOWNLOAD -> new Downloading(waiting.job(), waiting.boots());
          case SWAP -> new Swapping(waiting.job(), waiting.boots());
        });
  }

  static Step waited(DeviceRecord record, long millis) {
    if (!(record.state() instanceof Waiting waiting)) {
      return UpdateMachine.misplaced(record, "waited");
    }
    long waited = waiting.waitedMillis() + Math.max(0, millis);
    if (waited >= UpdateMachine.LONGEST_WAIT_MILLIS) {
      return UpdateMachine.failed(
          record,
          UpdateResult.UPDATE_DEFERRED,
          "given up after " + waited / 86_400_000 + " days: the device still " + waiting.reason());
    }
    DeviceRecord next =
        record.withState(
            new Waiting(
                waiting.job(), waiting.before(), waiting.reason(), waiting.boots(), waited));
    return new Step.Moved(next, UpdateMachine.continuation(next));
  }
}
