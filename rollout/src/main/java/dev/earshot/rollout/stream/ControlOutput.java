package dev.earshot.rollout.stream;

import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutSnapshot;

/** What the control side writes, keyed by rollout. */
sealed interface ControlOutput {
  record Published(RolloutSnapshot snapshot) implements ControlOutput {}

  /** The rollout is taken out of the state topic. */
  record Forgotten() implements ControlOutput {}

  record Noted(RolloutEvent event) implements ControlOutput {}
}
