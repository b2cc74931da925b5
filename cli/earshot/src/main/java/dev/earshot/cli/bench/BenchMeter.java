package dev.earshot.cli.bench;

import dev.earshot.cli.UserError;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.service.KafkaSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Watches a measured process from outside: by what it has committed, and by what it says. */
final class BenchMeter implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final Admin admin;
  private final KafkaConsumer<String, byte[]> consumer;
  private final Map<String, ConsumerRecord<String, byte[]>> events = new HashMap<>();
  private long commands;

  BenchMeter(String bootstrap, int partitions) {
    admin = Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
    consumer =
        new KafkaConsumer<>(
            KafkaSettings.consumer(bootstrap, "bench-meter"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> assigned = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      assigned.add(new TopicPartition(KafkaTopic.COMMAND.topicName(), i));
    }
    assigned.add(new TopicPartition(KafkaTopic.ROLLOUT_EVENT.topicName(), 0));
    consumer.assign(assigned);
    consumer.seekToBeginning(assigned);
  }

  /** The speed at which that many messages of a topic are taken in, messages a second. */
  double rate(BenchProcess process, BenchMode mode, KafkaTopic topic, long messages)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long first = 0;
    long firstAt = 0;
    while (true) {
      long now = System.nanoTime();
      long done = committed(mode, topic);
      if (first == 0 && done > 0) {
        first = done;
        firstAt = now;
      }
      if (done >= messages) {
        // All in the first commit: too few to tell.
        return now == firstAt ? Double.NaN : (done - first) * 1e9 / (now - firstAt);
      }
      process.check();
      requireBefore(deadline, topic.topicName());
      Thread.sleep(POLL);
    }
  }

  /** The record of the nth event of that kind, when it has come. */
  ConsumerRecord<String, byte[]> event(BenchProcess process, String kind, int stage)
      throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String key = kind + " " + stage;
    while (!events.containsKey(key)) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        take(record);
      }
      process.check();
      requireBefore(deadline, kind);
    }
    ConsumerRecord<String, byte[]> event = events.get(key);
    if (event == null) {
      throw new IllegalStateException("it was there a moment ago: " + key);
    }
    return event;
  }

  /** Commands that were seen so far, of committed transactions. */
  long commands() {
    return commands;
  }

  void createTopic(String topic, int partitions) throws InterruptedException {
    try {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    } catch (ExecutionException e) {
      throw new UserError("topic " + topic + " could not be created: " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    consumer.close();
    admin.close();
  }

  private void take(ConsumerRecord<String, byte[]> record) throws IOException {
    if (record.topic().equals(KafkaTopic.COMMAND.topicName())) {
      commands++;
      return;
    }
    RolloutEvent event = RolloutEvent.parseFrom(record.value());
    if (!event.getProblem().isEmpty()) {
      throw new UserError("the rollout refuses: " + event.getReason());
    }
    long before = events.keySet().stream().filter(k -> k.startsWith(event.getKind() + " ")).count();
    events.put(event.getKind() + " " + (before + 1), record);
  }

  private long committed(BenchMode mode, KafkaTopic topic)
      throws IOException, InterruptedException {
    try {
      long sum = 0;
      for (Map.Entry<TopicPartition, OffsetAndMetadata> entry :
          admin
              .listConsumerGroupOffsets(mode.group())
              .partitionsToOffsetAndMetadata()
              .get()
              .entrySet()) {
        if (entry.getKey().topic().equals(topic.topicName()) && entry.getValue() != null) {
          sum += entry.getValue().offset();
        }
      }
      return sum;
    } catch (ExecutionException e) {
      throw new IOException("the broker does not say what is committed", e);
    }
  }

  private static void requireBefore(long deadline, String what) {
    if (System.nanoTime() > deadline) {
      throw new UserError("waited longer than " + PATIENCE.toMinutes() + " minutes for " + what);
    }
  }
}
