package dev.earshot.rollout.stream;

import dev.earshot.protocol.KafkaTopic;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** A compacted topic as every instance's own global store, byte for byte. */
final class MirrorStore implements Processor<String, byte[], Void, Void> {
  private final String store;
  private @Nullable KeyValueStore<String, byte[]> copy;

  private MirrorStore(String store) {
    this.store = store;
  }

  static void add(StreamsBuilder builder, String store, KafkaTopic topic) {
    builder.addGlobalStore(
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(store), Serdes.String(), Serdes.ByteArray())
            .withLoggingDisabled(),
        topic.topicName(),
        Consumed.with(Serdes.String(), Serdes.ByteArray()).withName(store + "-source"),
        () -> new MirrorStore(store));
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    copy = context.getStateStore(store);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    if (copy != null) {
      copy.put(record.key(), record.value());
    }
  }
}
