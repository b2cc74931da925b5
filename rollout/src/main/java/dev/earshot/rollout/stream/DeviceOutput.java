package dev.earshot.rollout.stream;

import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.PartitionSummary;

/** What the devices' side writes. */
sealed interface DeviceOutput {
  /** Keyed by device. */
  record Told(DeviceCommand command) implements DeviceOutput {}

  /** Keyed by device. */
  record Assigned(Assignment assignment) implements DeviceOutput {}

  /** Keyed by rollout. */
  record Summed(PartitionSummary summary) implements DeviceOutput {}
}
