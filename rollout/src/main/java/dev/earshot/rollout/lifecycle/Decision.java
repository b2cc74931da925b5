package dev.earshot.rollout.lifecycle;

import dev.earshot.protocol.v1.RolloutRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the conductor decided.
 *
 * @param record the rollout from now on; null when there is none and none came to be
 * @param events for the audit trail, in order
 */
public record Decision(
    @Nullable RolloutRecord record, List<dev.earshot.protocol.v1.RolloutEvent> events) {
  public Decision {
    events = List.copyOf(events);
  }
}
