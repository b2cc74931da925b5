package dev.earshot.monitoring.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.FoldedLabels;
import dev.earshot.protocol.v1.HealthTotals;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The stores, each a part of one partition's truth. What grows with devices or time is on disk,
 * what grows with label sets only is in memory.
 */
final class Stores {
  /** {@code fleet/device} to what is known of it. */
  static final String DEVICES = "devices";

  /** The newest intervals and updates of each device. */
  static final String RECENT = "recent";

  /** Window and labels to the sums of the intervals that ended in it. */
  static final String WINDOWS = "windows";

  /** Labels to the sums of all intervals under them. */
  static final String TOTALS = "interval-sums";

  /** Labels to how many devices bear them. */
  static final String POPULATION = "device-counts";

  /** Labels to how many devices' newest update stands there. */
  static final String UPDATES = "update-counts";

  /** Label values that are folded. */
  static final String FOLDED = "folded-labels";

  private Stores() {}

  /** All of them on the heap, without changelogs: gone with the process. */
  static List<StoreBuilder<?>> onHeap() {
    return List.of(
        volatileStore(DEVICES, serde(DeviceHealth.parser())),
        volatileStore(RECENT, Serdes.ByteArray()),
        volatileStore(WINDOWS, serde(HealthTotals.parser())),
        volatileStore(TOTALS, serde(HealthTotals.parser())),
        volatileStore(POPULATION, Serdes.Long()),
        volatileStore(UPDATES, Serdes.Long()),
        volatileStore(FOLDED, serde(FoldedLabels.parser())));
  }

  private static StoreBuilder<?> volatileStore(String name, Serde<?> values) {
    return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
            org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(name),
            Serdes.String(),
            values)
        .withLoggingDisabled();
  }

  /** All of them. */
  static List<StoreBuilder<?>> builders() {
    return List.of(
        onDisk(DEVICES, serde(DeviceHealth.parser())),
        onDisk(RECENT, Serdes.ByteArray()),
        onDisk(WINDOWS, serde(HealthTotals.parser())),
        inMemory(TOTALS, serde(HealthTotals.parser())),
        inMemory(POPULATION, Serdes.Long()),
        inMemory(UPDATES, Serdes.Long()),
        inMemory(FOLDED, serde(FoldedLabels.parser())));
  }

  private static StoreBuilder<?> onDisk(String name, Serde<?> values) {
    return store(org.apache.kafka.streams.state.Stores.persistentKeyValueStore(name), values);
  }

  private static StoreBuilder<?> inMemory(String name, Serde<?> values) {
    return store(org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(name), values);
  }

  /** Cached: what changes several times between two commits is written once. */
  private static StoreBuilder<?> store(KeyValueBytesStoreSupplier supplier, Serde<?> values) {
    return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
            supplier, Serdes.String(), values)
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
