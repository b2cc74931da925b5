package dev.earshot.gateway.stream;

import dev.earshot.gateway.GatewayConfig;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.service.Topics;

/** The topics that a gateway writes and reads. */
public final class DeviceTopics {
  private DeviceTopics() {}

  /** Makes sure that they exist and can be written. Blocks. */
  public static void ensure(GatewayConfig config) {
    Topics.ensure(
        config.kafka(),
        config.devicePartitions(),
        (short) config.replication(),
        KafkaTopic.HEARTBEAT,
        KafkaTopic.STATUS,
        KafkaTopic.SESSION,
        KafkaTopic.COMMAND,
        KafkaTopic.REJECTED);
  }
}
