package dev.earshot.rollout.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.control.ControlPlane.Assigned;
import dev.earshot.rollout.control.ControlPlane.Entry;
import dev.earshot.rollout.control.RolloutIds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The control plane's topics as one instance remembers them. One thread changes it ({@link #take});
 * any may read.
 */
final class ControlCopy {
  private final Map<String, RolloutSnapshot> rollouts = new ConcurrentHashMap<>();
  private final Set<String> removed = ConcurrentHashMap.newKeySet();
  private final Map<String, ConcurrentNavigableMap<Long, Entry>> trails = new ConcurrentHashMap<>();
  private final List<Entry> log = new ArrayList<>();
  private final ConcurrentNavigableMap<String, RolloutEvent> answers =
      new ConcurrentSkipListMap<>();
  private final Map<String, ModelRelease> releases = new ConcurrentHashMap<>();
  private final Map<String, ConcurrentNavigableMap<String, Assignment>> assignments =
      new ConcurrentHashMap<>();
  private final Map<String, String> rolloutOfDevice = new ConcurrentHashMap<>();

  /** Takes in a record of one of the topics; a record without value removes its key. */
  void take(ConsumerRecord<String, byte[]> record) throws InvalidProtocolBufferException {
    byte[] value = record.value();
    String topic = record.topic();
    if (topic.equals(KafkaTopic.ROLLOUT_STATE.topicName())) {
      rollout(record.key(), value);
    } else if (topic.equals(KafkaTopic.ROLLOUT_EVENT.topicName())) {
      if (value != null) {
        event(new Entry(record.partition(), record.offset(), RolloutEvent.parseFrom(value)));
      }
    } else if (topic.equals(KafkaTopic.RELEASE.topicName())) {
      if (value == null) {
        releases.remove(record.key());
      } else {
        releases.put(record.key(), ModelRelease.parseFrom(value));
      }
    } else {
      assignment(record.key(), value);
    }
  }

  Collection<RolloutSnapshot> rollouts() {
    return rollouts.values().stream()
        .filter(rollout -> !rollout.getPreview() && !RolloutIds.isPreview(rollout.getRollout()))
        .toList();
  }

  @Nullable RolloutSnapshot rollout(String id) {
    return rollouts.get(id);
  }

  List<Entry> events(String rollout, long after, int limit) {
    ConcurrentNavigableMap<Long, Entry> trail = trails.get(rollout);
    return trail == null
        ? List.of()
        : trail.tailMap(after, false).values().stream().limit(limit).toList();
  }

  List<Entry> log(int from, int limit) {
    synchronized (log) {
      int begin = Math.clamp(from, 0, log.size());
      return List.copyOf(log.subList(begin, Math.min(log.size(), begin + limit)));
    }
  }

  List<Assigned> assignments(
      String rollout, String after, int limit, Predicate<Assignment> condition) {
    ConcurrentNavigableMap<String, Assignment> all = assignments.get(rollout);
    return all == null
        ? List.of()
        : all.tailMap(after, false).entrySet().stream()
            .filter(entry -> condition.test(entry.getValue()))
            .limit(limit)
            .map(entry -> new Assigned(entry.getKey(), entry.getValue()))
            .toList();
  }

  @Nullable Assigned assignment(String device) {
    String rollout = rolloutOfDevice.get(device);
    ConcurrentNavigableMap<String, Assignment> all =
        rollout == null ? null : assignments.get(rollout);
    Assignment assignment = all == null ? null : all.get(device);
    return assignment == null ? null : new Assigned(device, assignment);
  }

  @Nullable ModelRelease release(String release) {
    return releases.get(release);
  }

  /** The first answer to a request whose id begins so. */
  @Nullable RolloutEvent answered(String requestIdPrefix) {
    Map.Entry<String, RolloutEvent> first = answers.ceilingEntry(requestIdPrefix);
    return first != null && first.getKey().startsWith(requestIdPrefix) ? first.getValue() : null;
  }

  /** State and events come from two topics: whether the state shows what the event tells. */
  boolean shows(RolloutEvent event) {
    RolloutSnapshot snapshot = rollouts.get(event.getRollout());
    return snapshot == null
        ? event.getRevision() == 0 || removed.contains(event.getRollout())
        : snapshot.getRevision() >= event.getRevision();
  }

  private void rollout(String id, byte @Nullable [] value) throws InvalidProtocolBufferException {
    if (value == null) {
      removed.add(id);
      rollouts.remove(id);
    } else {
      removed.remove(id);
      rollouts.put(id, RolloutSnapshot.parseFrom(value));
    }
  }

  private void event(Entry entry) {
    RolloutEvent event = entry.event();
    if (!RolloutIds.isPreview(event.getRollout())) {
      trails
          .computeIfAbsent(event.getRollout(), id -> new ConcurrentSkipListMap<>())
          .put(entry.offset(), entry);
      synchronized (log) {
        log.add(entry);
      }
    }
    if (!event.getRequestId().isEmpty()) {
      answers.putIfAbsent(event.getRequestId(), event);
    }
  }

  private void assignment(String device, byte @Nullable [] value)
      throws InvalidProtocolBufferException {
    Assignment assignment = value == null ? null : Assignment.parseFrom(value);
    String before =
        assignment == null
            ? rolloutOfDevice.remove(device)
            : rolloutOfDevice.put(device, assignment.getRollout());
    boolean moved =
        before != null && (assignment == null || !before.equals(assignment.getRollout()));
    ConcurrentNavigableMap<String, Assignment> old = moved ? assignments.get(before) : null;
    if (old != null) {
      old.remove(device);
    }
    if (assignment != null) {
      assignments
          .computeIfAbsent(assignment.getRollout(), id -> new ConcurrentSkipListMap<>())
          .put(device, assignment);
    }
  }
}
