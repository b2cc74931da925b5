package dev.earshot.monitoring.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.monitoring.health.DeviceFold;
import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.health.PopulationKey;
import dev.earshot.monitoring.health.Totals;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.delivery.DeliveryWindow;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SessionEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Folds one partition's messages of all four device topics into its stores, and publishes the sums
 * that changed. Runs on a stream thread; exactly-once processing makes stores, offsets and
 * published sums move together.
 */
final class Intake implements Processor<String, byte[], String, byte[]> {
  private static final Duration PUBLISH_INTERVAL = Duration.ofSeconds(5);

  private final IntakeMetrics metrics;
  private final Set<String> changed = new HashSet<>();
  private @Nullable ProcessorContext<String, byte[]> context;
  private @Nullable KeyValueStore<String, DeviceHealth> devices;
  private @Nullable KeyValueStore<String, HealthTotals> totals;
  private @Nullable KeyValueStore<String, Long> population;

  Intake(IntakeMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void init(ProcessorContext<String, byte[]> newContext) {
    context = newContext;
    devices = newContext.getStateStore(Stores.DEVICES);
    totals = newContext.getStateStore(Stores.TOTALS);
    population = newContext.getStateStore(Stores.POPULATION);
    // What a crash may have kept from being published is published again.
    try (KeyValueIterator<String, HealthTotals> sums = present(totals).all()) {
      sums.forEachRemaining(entry -> changed.add(entry.key));
    }
    newContext.schedule(PUBLISH_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::publish);
  }

  @Override
  public void process(Record<String, byte[]> message) {
    String topic = present(context).recordMetadata().map(metadata -> metadata.topic()).orElse("");
    try {
      DeviceId id = DeviceId.parse(message.key());
      DeviceHealth before = present(devices).get(message.key());
      DeviceHealth known = before == null ? DeviceHealth.getDefaultInstance() : before;
      DeviceHealth after = folded(topic, id, known, message);
      if (after != known) {
        present(devices).put(message.key(), after);
        moved(id, before, after);
      }
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      metrics.unreadable(topic, String.valueOf(e.getMessage()));
    }
  }

  private DeviceHealth folded(
      String topic, DeviceId id, DeviceHealth known, Record<String, byte[]> message)
      throws InvalidProtocolBufferException {
    if (topic.equals(KafkaTopic.HEARTBEAT.topicName())) {
      return heartbeat(id, known, Heartbeat.parseFrom(message.value()), message);
    }
    if (topic.equals(KafkaTopic.STATUS.topicName())) {
      return DeviceFold.apply(known, DeviceStatus.parseFrom(message.value()));
    }
    if (topic.equals(KafkaTopic.ASSIGNMENT.topicName())) {
      return DeviceFold.apply(known, Assignment.parseFrom(message.value()));
    }
    if (topic.equals(KafkaTopic.SESSION.topicName())) {
      return DeviceFold.apply(known, SessionEvent.parseFrom(message.value()));
    }
    throw new IllegalArgumentException("not a topic of this topology: " + topic);
  }

  private DeviceHealth heartbeat(
      DeviceId id, DeviceHealth known, Heartbeat beat, Record<String, byte[]> message) {
    DeviceFold.Counted counted = DeviceFold.apply(known, beat, receivedMillis(message));
    metrics.interval(counted.verdict());
    if (counted.verdict() == DeliveryWindow.Verdict.FIRST) {
      String key = HealthKey.of(id, known, beat).encode();
      HealthTotals sums = present(totals).get(key);
      present(totals)
          .put(key, Totals.plus(sums == null ? HealthTotals.getDefaultInstance() : sums, beat));
      changed.add(key);
    }
    return counted.device();
  }

  private void moved(DeviceId id, @Nullable DeviceHealth before, DeviceHealth after) {
    PopulationKey now = PopulationKey.of(id, after);
    PopulationKey then = before == null ? null : PopulationKey.of(id, before);
    if (!now.equals(then)) {
      if (then != null) {
        count(then, -1);
      }
      count(now, 1);
    }
  }

  private void count(PopulationKey key, int change) {
    Long count = present(population).get(key.encode());
    long next = (count == null ? 0 : count) + change;
    if (next == 0) {
      present(population).delete(key.encode());
    } else {
      present(population).put(key.encode(), next);
    }
  }

  private void publish(long timestamp) {
    ProcessorContext<String, byte[]> to = present(context);
    for (String key : changed) {
      HealthTotals sums = present(totals).get(key);
      if (sums != null) {
        to.forward(
            new Record<>(to.taskId().partition() + "|" + key, sums.toByteArray(), timestamp));
      }
    }
    changed.clear();
  }

  private static long receivedMillis(Record<String, byte[]> message) {
    Header header = message.headers().lastHeader(KafkaTopic.RECEIVED_MS_HEADER);
    return header == null
        ? message.timestamp()
        : Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII));
  }

  private static <T> T present(@Nullable T initialised) {
    if (initialised == null) {
      throw new IllegalStateException("a processor is initialised before its first message");
    }
    return initialised;
  }
}
