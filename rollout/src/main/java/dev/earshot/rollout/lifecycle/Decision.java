package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.v1.RolloutRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the conductor decided.
 *
 * @param record the rollout from now on; null when there is none, or none any more
 * @param events for the audit trail, in order
 */
public record Decision(
    @Nullable RolloutRecord record, List<dev.earshot.protocol.v1.RolloutEvent> events) {
  /** The rollout was only a preview, and is gone. */
  static final Decision FORGOTTEN = new Decision(null, List.of());

  public Decision {
    events = List.copyOf(events);
  }
}
