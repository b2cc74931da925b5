package dev.earshot.rollout.stream;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Where the topology keeps what it knows. Both kinds iterate in the order of the keys' bytes. */
public enum StateStores {
  /** RocksDB, with a changelog in Kafka: survives everything. */
  DURABLE {
    @Override
    <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
      return Stores.keyValueStoreBuilder(
          Stores.persistentKeyValueStore(name), Serdes.String(), values);
    }
  },

  /**
   * On the heap, without a changelog: gone with the process. For simulations, whose driver commits
   * after every record, which costs a file a time in RocksDB.
   */
  IN_MEMORY {
    @Override
    <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
      return Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore(name), Serdes.String(), values)
          .withLoggingDisabled();
    }
  };

  abstract <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values);
}
