package dev.earshot.monitoring.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.HealthTotals;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/** The three stores, each a part of one partition's truth. */
final class Stores {
  /** {@code fleet/device} to what is known of it. */
  static final String DEVICES = "devices";

  /** Labels to the sums of all intervals under them. */
  static final String TOTALS = "totals";

  /** Labels to how many devices bear them. */
  static final String POPULATION = "population";

  private Stores() {}

  static StoreBuilder<KeyValueStore<String, DeviceHealth>> devices() {
    return store(DEVICES, serde(DeviceHealth.parser()));
  }

  static StoreBuilder<KeyValueStore<String, HealthTotals>> totals() {
    return store(TOTALS, serde(HealthTotals.parser()));
  }

  static StoreBuilder<KeyValueStore<String, Long>> population() {
    return store(POPULATION, Serdes.Long());
  }

  private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
    return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
            org.apache.kafka.streams.state.Stores.persistentKeyValueStore(name),
            Serdes.String(),
            values)
        .withCachingEnabled();
  }

  private static <T extends MessageLite> Serde<T> serde(Parser<T> parser) {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : value.toByteArray(),
        (topic, bytes) -> {
          try {
            return bytes == null ? null : parser.parseFrom(bytes);
          } catch (InvalidProtocolBufferException e) {
            throw new SerializationException(topic + " holds a value that is not ours", e);
          }
        });
  }
}
