package dev.earshot.cli.simulate;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.service.KafkaSettings;
import dev.earshot.simulator.verify.Counted;
import dev.earshot.simulator.verify.HeartbeatCount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What is in Kafka, whoever has counted it. */
final class HeartbeatTopic {
  private static final Duration POLL = Duration.ofMillis(500);

  private HeartbeatTopic() {}

  /**
   * Counts every interval of a fleet's devices once, from the first to the last heartbeat that is
   * stored now.
   *
   * @param since what the gateway received before is not counted; fleet time
   */
  static Counted count(String kafka, String fleet, Instant since) throws IOException {
    HeartbeatCount count = new HeartbeatCount();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            KafkaSettings.consumer(kafka, "earshot-verify"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(KafkaTopic.HEARTBEAT.topicName()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          DeviceId id = DeviceId.parse(record.key());
          if (id.fleet().equals(fleet) && receivedMillis(record) >= since.toEpochMilli()) {
            count.offer(id, Heartbeat.parseFrom(record.value()));
          }
        }
      }
      return count.counted();
    } catch (KafkaException e) {
      throw new IOException("Kafka at " + kafka + " can't be read: " + e.getMessage(), e);
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("a record of " + KafkaTopic.HEARTBEAT.topicName() + ": " + e, e);
    }
  }

  private static long receivedMillis(ConsumerRecord<String, byte[]> record) {
    Header header = record.headers().lastHeader(KafkaTopic.RECEIVED_MS_HEADER);
    return header == null
        ? record.timestamp()
        : Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII));
  }
}
