package dev.earshot.rollout.stream;

import dev.earshot.protocol.KafkaTopic;
import dev.earshot.rollout.RolloutConfig;
import dev.earshot.service.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;

/** The topics that the rollout service reads and writes. */
public final class RolloutTopics {
  private RolloutTopics() {}

  /**
   * Creates what is missing.
   *
   * @return the partitions that the device topics really have
   */
  public static int ensure(RolloutConfig config) {
    Topics.ensure(
        config.kafka(),
        config.partitions(),
        (short) config.replication(),
        KafkaTopic.HEARTBEAT,
        KafkaTopic.STATUS,
        KafkaTopic.COMMAND,
        KafkaTopic.ASSIGNMENT,
        KafkaTopic.RELEASE,
        KafkaTopic.ROLLOUT_REQUEST,
        KafkaTopic.ROLLOUT_EVENT,
        KafkaTopic.ROLLOUT_STATE);
    String topic = KafkaTopic.HEARTBEAT.topicName();
    Map<String, Object> properties =
        Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.kafka());
    try (Admin admin = Admin.create(properties)) {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get()
          .values()
          .iterator()
          .next()
          .partitions()
          .size();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka does not describe " + topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking Kafka about " + topic, e);
    }
  }
}
