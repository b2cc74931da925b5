package dev.earshot.monitoring.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.monitoring.health.DeviceFold;
import dev.earshot.monitoring.health.EventTime;
import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.health.Totals;
import dev.earshot.monitoring.health.WindowKey;
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
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Folds one partition's messages of all four device topics into its stores. Runs on a stream
 * thread; exactly-once processing makes stores, offsets and published windows move together.
 */
final class Intake implements Processor<String, byte[], String, byte[]> {
  private static final Duration PUBLISH_INTERVAL = Duration.ofSeconds(5);
  private static final byte[] NO_BYTES = {};

  private final TopologySettings settings;
  private @Nullable Partition partition;

  /** All that belongs to the partition, once Kafka Streams has said which it is. */
  private record Partition(
      ProcessorContext<String, byte[]> context,
      KeyValueStore<String, DeviceHealth> devices,
      Ledger ledger,
      WindowBook windows,
      RecentBook recent,
      FleetWalk walk,
      Backlog backlog,
      Board board) {}

  Intake(TopologySettings settings) {
    this.settings = settings;
  }

  @Override
  public void init(ProcessorContext<String, byte[]> context) {
    KeyValueStore<String, DeviceHealth> devices = context.getStateStore(Stores.DEVICES);
    Ledger ledger = new Ledger(context, settings.labels());
    FleetWalk walk = new FleetWalk(devices);
    long machineMillis = context.currentSystemTimeMs();
    Partition next =
        new Partition(
            context,
            devices,
            ledger,
            new WindowBook(context, settings.grace(), settings.retention()),
            new RecentBook(context.getStateStore(Stores.RECENT)),
            walk,
            new Backlog(machineMillis),
            new Board(ledger.snapshot(walk.silent(), walk.ages()), machineMillis));
    partition = next;
    settings.boards().put(context.taskId().partition(), next.board());
    Duration turn = Duration.ofMillis(HealthStream.TURN_MILLIS);
    context.schedule(turn, PunctuationType.WALL_CLOCK_TIME, this::turn);
    context.schedule(PUBLISH_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::publish);
  }

  @Override
  public void process(Record<String, byte[]> message) {
    Partition at = partition();
    String topic = at.context().recordMetadata().map(metadata -> metadata.topic()).orElse("");
    try {
      DeviceId id = DeviceId.parse(String.valueOf(message.key()));
      long receivedMillis = receivedMillis(message);
      at.backlog().read(message.timestamp(), receivedMillis, at.context().currentSystemTimeMs());
      DeviceHealth before = at.devices().get(id.toString());
      DeviceHealth known = before == null ? DeviceHealth.getDefaultInstance() : before;
      DeviceHealth after = folded(at, topic, id, known, bytes(message), receivedMillis);
      if (after != known) {
        at.devices().put(id.toString(), after);
        at.ledger().changed(id, before, after);
      }
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      settings.metrics().unreadable(topic, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    if (partition != null) {
      settings.boards().remove(partition.context().taskId().partition(), partition.board());
      partition = null;
    }
  }

  private DeviceHealth folded(
      Partition at,
      String topic,
      DeviceId id,
      DeviceHealth known,
      byte[] value,
      long receivedMillis)
      throws InvalidProtocolBufferException {
    if (topic.equals(KafkaTopic.HEARTBEAT.topicName())) {
      return heartbeat(at, id, known, Heartbeat.parseFrom(value), receivedMillis);
    }
    if (topic.equals(KafkaTopic.STATUS.topicName())) {
      DeviceHealth after = DeviceFold.apply(known, DeviceStatus.parseFrom(value));
      if (after.getUpdates() != known.getUpdates()) {
        at.recent().note(id, after, receivedMillis);
      }
      return after;
    }
    if (topic.equals(KafkaTopic.ASSIGNMENT.topicName())) {
      // A deleted assignment has no bytes: the device is in no rollout.
      return DeviceFold.apply(known, Assignment.parseFrom(value));
    }
    if (topic.equals(KafkaTopic.SESSION.topicName())) {
      return DeviceFold.apply(known, SessionEvent.parseFrom(value));
    }
    throw new IllegalArgumentException("not a topic of this topology: " + topic);
  }

  private DeviceHealth heartbeat(
      Partition at, DeviceId id, DeviceHealth known, Heartbeat beat, long receivedMillis) {
    DeviceFold.Counted counted = DeviceFold.apply(known, beat, receivedMillis);
    EventTime ended = EventTime.of(beat, receivedMillis, settings.grace());
    settings.metrics().interval(counted.verdict(), ended);
    if (counted.verdict() == DeliveryWindow.Verdict.FIRST) {
      HealthTotals one = Totals.of(beat, ended);
      HealthKey labels = at.ledger().counted(HealthKey.of(id, known, beat), one);
      at.windows().add(WindowKey.at(ended.millis(), labels), one);
      at.recent().note(id, counted.device(), beat, ended, receivedMillis);
    }
    return counted.device();
  }

  private void turn(long machineMillis) {
    Partition at = partition();
    long now = settings.clock().millis();
    at.walk().advance(at.backlog().judgedAtMillis(now, machineMillis), machineMillis);
    if (at.board().isDue(machineMillis)) {
      at.ledger().fit();
      at.board().turn(at.ledger().snapshot(at.walk().silent(), at.walk().ages()), machineMillis);
    }
  }

  private void publish(long machineMillis) {
    Partition at = partition();
    at.windows().publish(machineMillis);
    at.windows().expire(settings.clock().millis(), machineMillis);
  }

  /** When the gateway had the message, by the fleet's clock. */
  private long receivedMillis(Record<String, byte[]> message) {
    Header header = message.headers().lastHeader(KafkaTopic.RECEIVED_MS_HEADER);
    return header == null
        ? settings.clock().millis()
        : Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII));
  }

  private static byte[] bytes(Record<String, byte[]> message) {
    byte[] value = message.value();
    return value == null ? NO_BYTES : value;
  }

  private Partition partition() {
    if (partition == null) {
      throw new IllegalStateException("a processor is initialised before its first message");
    }
    return partition;
  }
}
