package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** What is committed in Kafka when all is over, and what must hold of it. */
final class WrittenTrail {
  final Map<String, List<DeviceCommand>> commands = new LinkedHashMap<>();
  final List<RolloutEvent> events = new ArrayList<>();
  final Map<String, RolloutSnapshot> rollouts = new HashMap<>();

  static WrittenTrail read(String bootstrap, int partitions) throws IOException {
    WrittenTrail trail = new WrittenTrail();
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      all.add(new TopicPartition(KafkaTopic.COMMAND.topicName(), i));
    }
    all.add(new TopicPartition(KafkaTopic.ROLLOUT_EVENT.topicName(), 0));
    all.add(new TopicPartition(KafkaTopic.ROLLOUT_STATE.topicName(), 0));
    try (KafkaConsumer<String, byte[]> consumer =
        KafkaFleet.consumer(bootstrap, "read_committed", all)) {
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          trail.take(record);
        }
      }
    }
    return trail;
  }

  /** Devices that were told to install. */
  Set<String> treated() {
    Set<String> treated = new HashSet<>();
    commands.forEach(
        (device, told) -> {
          if (told.stream().anyMatch(DeviceCommand::hasInstall)) {
            treated.add(device);
          }
        });
    return treated;
  }

  /**
   * Nobody was told two things under one name, or two releases by one rollout; and who was told
   * takes each order for newer than the one before.
   */
  void assertNoContradiction() {
    commands.forEach(
        (device, told) -> {
          Map<String, DeviceCommand> byId = new HashMap<>();
          Map<String, String> releases = new HashMap<>();
          TestDirector director = new TestDirector();
          for (DeviceCommand command : told) {
            DeviceCommand said = command.toBuilder().clearDirector().build();
            assertEquals(
                said,
                byId.computeIfAbsent(command.getCommandId(), id -> said),
                device + ": one id, two orders");
            director.take(DeviceId.parse(device), command, Instant.EPOCH);
            if (command.hasInstall()) {
              String release = command.getInstall().getRelease();
              assertEquals(
                  release,
                  releases.computeIfAbsent(command.getRollout(), rollout -> release),
                  device + " was told two releases");
            }
          }
        });
  }

  /** Who was told to install was told to go back, and never again to install. */
  void assertRolledBack() {
    commands.forEach(
        (device, told) -> {
          int firstRevert = firstRevert(told);
          assertTrue(firstRevert > 0, device + " was told to install and not to go back: " + told);
          assertTrue(
              told.stream().skip(firstRevert).noneMatch(DeviceCommand::hasInstall),
              device + " was told to install after it was told to go back: " + told);
        });
  }

  /** Every revision once, in order, by those steps. */
  void assertAudit(List<String> kinds) {
    assertEquals(kinds, events.stream().map(RolloutEvent::getKind).toList());
    assertEquals(
        LongStream.rangeClosed(1, kinds.size()).boxed().toList(),
        events.stream().map(RolloutEvent::getRevision).toList());
  }

  private static int firstRevert(List<DeviceCommand> told) {
    for (int i = 0; i < told.size(); i++) {
      if (told.get(i).hasRevert()) {
        return i;
      }
    }
    return -1;
  }

  private void take(ConsumerRecord<String, byte[]> record) throws IOException {
    if (record.topic().equals(KafkaTopic.COMMAND.topicName())) {
      commands
          .computeIfAbsent(record.key(), device -> new ArrayList<>())
          .add(DeviceCommand.parseFrom(record.value()));
    } else if (record.topic().equals(KafkaTopic.ROLLOUT_EVENT.topicName())) {
      events.add(RolloutEvent.parseFrom(record.value()));
    } else {
      rollouts.put(record.key(), RolloutSnapshot.parseFrom(record.value()));
    }
  }
}
