package dev.earshot.service;

import dev.earshot.protocol.KafkaTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Makes sure that the shared topics exist, and that their partitions lead, before anything is
 * written to them.
 */
public final class Topics {
  private static final Duration LEADER_PATIENCE = Duration.ofSeconds(30);
  private static final long RETRY_MILLIS = 50;

  private Topics() {}

  /**
   * Creates what is missing of those topics. Topics with the key of a device get {@code
   * partitions}, the others one. Existing topics are left as they are. Returns when every partition
   * has a leader that answers: an idempotent producer that writes straight after creation can
   * otherwise lose its first batch (KAFKA-15591).
   */
  public static void ensure(
      String bootstrap, int partitions, short replication, KafkaTopic... topics) {
    Properties properties = new Properties();
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    try (Admin admin = Admin.create(properties)) {
      for (KafkaTopic topic : topics) {
        create(admin, topic, partitions, replication);
      }
      awaitLeaders(admin, topics);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "Kafka at " + bootstrap + ": topics could not be created: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating topics", e);
    }
  }

  private static void create(Admin admin, KafkaTopic topic, int partitions, short replication)
      throws ExecutionException, InterruptedException {
    int count = topic.key() == KafkaTopic.Key.DEVICE ? partitions : 1;
    String cleanup =
        switch (topic.cleanup()) {
          case DELETE -> TopicConfig.CLEANUP_POLICY_DELETE;
          case COMPACT -> TopicConfig.CLEANUP_POLICY_COMPACT;
        };
    NewTopic wanted =
        new NewTopic(topic.topicName(), count, replication)
            .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup));
    try {
      admin.createTopics(List.of(wanted)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  /**
   * Waits until every partition answers. Straight after creation the broker may not know the topic
   * yet, or its leader: those answers are asked again until the deadline.
   */
  private static void awaitLeaders(Admin admin, KafkaTopic... topics)
      throws ExecutionException, InterruptedException {
    List<String> names = new ArrayList<>();
    for (KafkaTopic topic : topics) {
      names.add(topic.topicName());
    }
    long deadline = System.nanoTime() + LEADER_PATIENCE.toNanos();
    while (true) {
      try {
        admin.listOffsets(latest(admin, names)).all().get();
        return;
      } catch (ExecutionException e) {
        boolean passing = e.getCause() instanceof RetriableException;
        if (!passing || System.nanoTime() > deadline) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      }
    }
  }

  private static Map<TopicPartition, OffsetSpec> latest(Admin admin, List<String> names)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (TopicDescription topic : admin.describeTopics(names).allTopicNames().get().values()) {
      topic
          .partitions()
          .forEach(
              partition ->
                  latest.put(
                      new TopicPartition(topic.name(), partition.partition()),
                      OffsetSpec.latest()));
    }
    return latest;
  }
}
