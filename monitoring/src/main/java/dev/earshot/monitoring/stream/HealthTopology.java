package dev.earshot.monitoring.stream;

import dev.earshot.protocol.KafkaTopic;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Four device topics into one processor with its stores; changed windows out. One task for each
 * partition.
 */
final class HealthTopology {
  private static final String INTAKE = "fold-device-messages";

  /** The topics that are read. */
  static final KafkaTopic[] INPUTS = {
    KafkaTopic.HEARTBEAT, KafkaTopic.STATUS, KafkaTopic.ASSIGNMENT, KafkaTopic.SESSION
  };

  private HealthTopology() {}

  /** Builds it, as a service runs it. */
  static Topology build(TopologySettings settings) {
    return build(settings, Stores.builders());
  }

  static Topology build(TopologySettings settings, List<StoreBuilder<?>> stores) {
    Topology topology = new Topology();
    String[] sources = new String[INPUTS.length];
    for (int i = 0; i < INPUTS.length; i++) {
      sources[i] = "read-" + INPUTS[i].topicName();
      topology.addSource(
          sources[i], new StringDeserializer(), new ByteArrayDeserializer(), INPUTS[i].topicName());
    }
    topology.addProcessor(INTAKE, () -> new Intake(settings), sources);
    for (StoreBuilder<?> store : stores) {
      topology.addStateStore(store, INTAKE);
    }
    topology.addSink(
        "publish-windows",
        KafkaTopic.FLEET_HEALTH.topicName(),
        new StringSerializer(),
        new ByteArraySerializer(),
        INTAKE);
    return topology;
  }
}
