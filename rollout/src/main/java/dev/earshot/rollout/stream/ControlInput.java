package dev.earshot.rollout.stream;

import dev.earshot.protocol.v1.PartitionSummary;
import dev.earshot.protocol.v1.RolloutRequest;

/** What comes in at the control side, keyed by rollout. */
sealed interface ControlInput {
  record Asked(RolloutRequest request) implements ControlInput {}

  record Summed(PartitionSummary summary) implements ControlInput {}
}
