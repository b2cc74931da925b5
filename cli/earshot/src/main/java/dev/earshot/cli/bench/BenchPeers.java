package dev.earshot.cli.bench;

import dev.earshot.protocol.KafkaTopic;
import dev.earshot.rollout.RolloutConfig;
import dev.earshot.rollout.stream.RolloutStreams;
import dev.earshot.service.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * What the topology is compared with: the least that must be done to move the same heartbeats with
 * the same guarantee, with the topology's own settings.
 */
final class BenchPeers {
  static final String COPY_TOPIC = "bench.copy";
  private static final String STORE = "heartbeats";
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int BATCH_BYTES = 128 << 10;
  private static final int COMMIT_MILLIS = 100;

  private BenchPeers() {}

  /** Puts each heartbeat's bytes into a store, by device. */
  static Topology storeTopology() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray()));
    builder.stream(
            KafkaTopic.HEARTBEAT.topicName(), Consumed.with(Serdes.String(), Serdes.ByteArray()))
        .process(Put::new, STORE);
    return builder.build();
  }

  static Properties storeProperties(RolloutConfig config) {
    Properties properties = RolloutStreams.properties(config);
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, BenchMode.STORE.group());
    return properties;
  }

  private static final class Put implements Processor<String, byte[], Void, Void> {
    private @Nullable KeyValueStore<String, byte[]> store;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      store = context.getStateStore(STORE);
    }

    @Override
    public void process(Record<String, byte[]> record) {
      if (store != null) {
        store.put(record.key(), record.value());
      }
    }
  }

  /** Copies heartbeats in transactions, each thread its share of the partitions. */
  static AutoCloseable copy(RolloutConfig config) {
    AtomicBoolean closed = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < config.threads(); i++) {
      int number = i;
      threads.add(Thread.ofPlatform().name("copy-" + i).start(() -> copy(config, number, closed)));
    }
    return () -> {
      closed.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    };
  }

  private static void copy(RolloutConfig config, int number, AtomicBoolean closed) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(config);
        KafkaProducer<byte[], byte[]> producer = producer(config, number)) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (int p = number; p < config.partitions(); p += config.threads()) {
        partitions.add(new TopicPartition(KafkaTopic.HEARTBEAT.topicName(), p));
      }
      consumer.assign(partitions);
      producer.initTransactions();
      while (!closed.get()) {
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> done = copyFor(consumer, producer);
        producer.sendOffsetsToTransaction(done, new ConsumerGroupMetadata(BenchMode.COPY.group()));
        producer.commitTransaction();
      }
    }
  }

  /** One transaction's worth. */
  private static Map<TopicPartition, OffsetAndMetadata> copyFor(
      KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
    Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
    long until = System.nanoTime() + Duration.ofMillis(COMMIT_MILLIS).toNanos();
    while (System.nanoTime() < until) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        Future<RecordMetadata> _ =
            producer.send(
                new ProducerRecord<>(COPY_TOPIC, record.partition(), record.key(), record.value()));
        done.put(
            new TopicPartition(record.topic(), record.partition()),
            new OffsetAndMetadata(record.offset() + 1));
      }
    }
    return done;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(RolloutConfig config) {
    Properties properties = KafkaSettings.consumer(config.kafka(), "bench-copy");
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, BenchMode.COPY.group());
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static KafkaProducer<byte[], byte[]> producer(RolloutConfig config, int number) {
    Properties properties = KafkaSettings.producer(config.kafka(), "bench-copy-" + number);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bench-copy-" + number);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, COMMIT_MILLIS);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
