package dev.earshot.gateway;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.RejectedMessage;
import dev.earshot.protocol.v1.SessionEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Looks at what is in Kafka, reading every record once; and writes commands. Any thread may. */
public final class KafkaTap implements AutoCloseable {
  private final String bootstrap;
  private final Map<KafkaTopic, Log> logs = new EnumMap<>(KafkaTopic.class);
  private @Nullable KafkaProducer<String, byte[]> producer;

  public KafkaTap(String bootstrap) {
    this.bootstrap = bootstrap;
  }

  /** All records of that device that are in the topic now, in order of each partition. */
  public synchronized List<ConsumerRecord<String, byte[]>> records(KafkaTopic topic, String key) {
    return log(topic).records().stream().filter(record -> key.equals(record.key())).toList();
  }

  /** The values of all records that are in the topic now. */
  public synchronized List<byte[]> values(KafkaTopic topic) {
    return log(topic).records().stream().map(ConsumerRecord::value).toList();
  }

  private Log log(KafkaTopic topic) {
    return logs.computeIfAbsent(topic, unread -> new Log(bootstrap, unread));
  }

  public List<SessionEvent> sessionEvents(String key) throws InvalidProtocolBufferException {
    List<SessionEvent> events = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records(KafkaTopic.SESSION, key)) {
      events.add(SessionEvent.parseFrom(record.value()));
    }
    return events;
  }

  /** The dead letters of that device, once there are so many. */
  public List<RejectedMessage> deadLetters(String key, int count)
      throws InvalidProtocolBufferException {
    Await.until(
        count + " dead letters of " + key, () -> records(KafkaTopic.REJECTED, key).size() >= count);
    List<RejectedMessage> letters = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records(KafkaTopic.REJECTED, key)) {
      letters.add(RejectedMessage.parseFrom(record.value()));
    }
    return letters;
  }

  /** Writes a command and returns when it is stored. */
  public synchronized void command(String key, byte[] command) throws Exception {
    if (producer == null) {
      producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", bootstrap, "acks", "all"),
              new StringSerializer(),
              new ByteArraySerializer());
    }
    producer
        .send(new ProducerRecord<>(KafkaTopic.COMMAND.topicName(), key, command))
        .get(20, TimeUnit.SECONDS);
  }

  @Override
  public synchronized void close() {
    logs.values().forEach(log -> log.consumer.close());
    logs.clear();
    if (producer != null) {
      producer.close(Duration.ofSeconds(1));
      producer = null;
    }
  }

  /** One topic, as far as it was read. */
  private static final class Log {
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final List<ConsumerRecord<String, byte[]>> read = new ArrayList<>();

    Log(String bootstrap, KafkaTopic topic) {
      consumer =
          new KafkaConsumer<>(
              // Where a topic ends is asked behind the fetch that waits for more.
              Map.of("bootstrap.servers", bootstrap, "fetch.max.wait.ms", "5"),
              new StringDeserializer(),
              new ByteArrayDeserializer());
      partitions =
          consumer.partitionsFor(topic.topicName()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    }

    List<ConsumerRecord<String, byte[]>> records() {
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(read::add);
      }
      return read;
    }
  }
}
