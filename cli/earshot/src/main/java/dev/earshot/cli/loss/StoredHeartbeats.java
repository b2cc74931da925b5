package dev.earshot.cli.loss;

import dev.earshot.protocol.KafkaTopic;
import dev.earshot.service.KafkaSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** All that the heartbeat topic holds. */
final class StoredHeartbeats {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final byte[] NO_BYTES = {};
  private static final Duration ALL_WITHIN = Duration.ofMinutes(5);

  private StoredHeartbeats() {}

  /** Shows every record from the first to the last that is stored now, each partition in order. */
  static void read(String bootstrap, BiConsumer<String, byte[]> to) throws IOException {
    Properties properties = KafkaSettings.consumer(bootstrap, "loss-check");
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 60_000);
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(KafkaTopic.HEARTBEAT.topicName()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long deadline = System.nanoTime() + ALL_WITHIN.toNanos();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        if (System.nanoTime() > deadline) {
          throw new IOException("the topic could not be read to its end within " + ALL_WITHIN);
        }
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          byte[] value = record.value();
          to.accept(String.valueOf(record.key()), value == null ? NO_BYTES : value);
        }
      }
    } catch (KafkaException e) {
      throw new IOException("Kafka at " + bootstrap + " can't be read: " + e.getMessage(), e);
    }
  }
}
