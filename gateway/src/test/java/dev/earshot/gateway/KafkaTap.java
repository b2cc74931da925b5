package dev.earshot.gateway;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.RejectedMessage;
import dev.earshot.protocol.v1.SessionEvent;
import java.time.Duration;
import java.util.ArrayList;
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

/** Looks at what is in Kafka, and writes commands. */
public final class KafkaTap {
  private final String bootstrap;

  public KafkaTap(String bootstrap) {
    this.bootstrap = bootstrap;
  }

  /** All records of that device that are in the topic now, in order of each partition. */
  List<ConsumerRecord<String, byte[]>> records(KafkaTopic topic, String key) {
    return records(topic).stream().filter(record -> record.key().equals(key)).toList();
  }

  /** The values of all records that are in the topic now. */
  public List<byte[]> values(KafkaTopic topic) {
    return records(topic).stream().map(ConsumerRecord::value).toList();
  }

  private List<ConsumerRecord<String, byte[]>> records(KafkaTopic topic) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.topicName()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
      return found;
    }
  }

  List<SessionEvent> sessionEvents(String key) throws InvalidProtocolBufferException {
    List<SessionEvent> events = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records(KafkaTopic.SESSION, key)) {
      events.add(SessionEvent.parseFrom(record.value()));
    }
    return events;
  }

  /** The dead letters of that device, once there are so many. */
  List<RejectedMessage> deadLetters(String key, int count) throws InvalidProtocolBufferException {
    Await.until(
        count + " dead letters of " + key, () -> records(KafkaTopic.REJECTED, key).size() >= count);
    List<RejectedMessage> letters = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records(KafkaTopic.REJECTED, key)) {
      letters.add(RejectedMessage.parseFrom(record.value()));
    }
    return letters;
  }

  void command(String key, byte[] command) throws Exception {
    Map<String, Object> properties = Map.of("bootstrap.servers", bootstrap, "acks", "all");
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(KafkaTopic.COMMAND.topicName(), key, command))
          .get(20, TimeUnit.SECONDS);
    }
  }
}
