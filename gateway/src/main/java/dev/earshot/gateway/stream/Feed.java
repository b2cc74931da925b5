package dev.earshot.gateway.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.gateway.GatewayConfig;
import dev.earshot.gateway.metrics.GatewayMetrics;
import dev.earshot.gateway.metrics.Undeliverable;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.SessionEvent;
import dev.earshot.service.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole command and session topics, from where they end when the gateway starts: every
 * gateway sees every command and delivers those whose device it holds, and sees when another
 * gateway has a device's newer session. No position is stored. A command that was written while no
 * gateway held the device is not delivered; the rollout offers it again.
 */
public final class Feed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LOOK_FOR_PARTITIONS = Duration.ofMinutes(1);
  private static final String COMMANDS = KafkaTopic.COMMAND.topicName();
  private static final String SESSIONS = KafkaTopic.SESSION.topicName();

  private final KafkaConsumer<String, byte[]> consumer;
  private final CommandTarget target;
  private final GatewayMetrics metrics;
  private final Thread thread;
  private volatile boolean closing;
  private volatile String problem = "";

  private Feed(
      KafkaConsumer<String, byte[]> consumer, CommandTarget target, GatewayMetrics metrics) {
    this.consumer = consumer;
    this.target = target;
    this.metrics = metrics;
    this.thread = Thread.ofPlatform().name("gateway-commands").unstarted(this::run);
  }

  /** Starts; a command that is written after this returned is seen. */
  public static Feed start(GatewayConfig config, CommandTarget target, GatewayMetrics metrics) {
    Properties properties = KafkaSettings.consumer(config.kafka(), config.instance() + "-commands");
    // Commands that fell out of retention while Kafka was away are not told any more.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    try {
      List<TopicPartition> partitions = partitions(consumer);
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
    Feed feed = new Feed(consumer, target, metrics);
    feed.thread.start();
    return feed;
  }

  /** Empty when commands are read, else why not. */
  public String problem() {
    return problem;
  }

  private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : List.of(COMMANDS, SESSIONS)) {
      for (PartitionInfo partition : consumer.partitionsFor(topic)) {
        partitions.add(new TopicPartition(topic, partition.partition()));
      }
    }
    return partitions;
  }

  private void run() {
    long lookAtNanos = System.nanoTime() + LOOK_FOR_PARTITIONS.toNanos();
    try (consumer) {
      while (!closing) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          if (record.topic().equals(SESSIONS)) {
            session(record);
          } else {
            deliver(record);
          }
        }
        if (System.nanoTime() - lookAtNanos > 0) {
          takeNewPartitions();
          lookAtNanos = System.nanoTime() + LOOK_FOR_PARTITIONS.toNanos();
        }
      }
    } catch (WakeupException e) {
      // close() was called.
    } catch (RuntimeException e) {
      problem = "commands are not read any more: " + e.getMessage();
      LOG.error("reading commands has ended; restart the gateway", e);
    }
  }

  private void deliver(ConsumerRecord<String, byte[]> record) {
    metrics.commandReceived();
    if (record.key() == null || record.value() == null) {
      metrics.commandUndeliverable(Undeliverable.MALFORMED);
    } else {
      target.deliver(record.key(), record.value());
    }
  }

  private void session(ConsumerRecord<String, byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return;
    }
    try {
      SessionEvent event = SessionEvent.parseFrom(record.value());
      if (event.getKind() == SessionEvent.Kind.CONNECTED) {
        target.connectedElsewhere(record.key(), event.getEpoch());
      }
    } catch (InvalidProtocolBufferException e) {
      LOG.warn("a session event of {} that is none: {}", record.key(), e.getMessage());
    }
  }

  private void takeNewPartitions() {
    try {
      Set<TopicPartition> added = new HashSet<>(partitions(consumer));
      Set<TopicPartition> all = new HashSet<>(consumer.assignment());
      added.removeAll(all);
      if (!added.isEmpty()) {
        all.addAll(added);
        consumer.assign(all);
        consumer.seekToBeginning(added);
        LOG.info("{} new partitions of the command and session topics", added.size());
      }
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.warn("the topics could not be looked at: {}", e.toString());
    }
  }

  /** Stops reading; returns when no further command is delivered. */
  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
