package dev.earshot.rollout.stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.PartitionSummary;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRecord;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.jspecify.annotations.Nullable;

/**
 * The dataflow. Two halves that talk through Kafka only:
 *
 * <pre>
 * heartbeat, status --> devices (store: devices; global: rollouts, releases)
 *                          |--> command, assignment                  (keyed by device)
 *                          '--> summary (internal, keyed by rollout) --.
 * request -----------------------------------------------------------> control (store: control)
 *                                                                       |--> event
 *                          .--- rollout state (compacted) <-------------'
 *                          '--> global store of the devices' side
 * </pre>
 *
 * The control half has one partition: requests are few, and one place that decides is easy to
 * trust.
 */
public final class RolloutTopology {
  /** Store of device records, by device. */
  public static final String DEVICES = "devices";

  /** Store of rollouts with their newest summaries, by rollout. */
  public static final String CONTROL = "control";

  /** Global store of published snapshots. */
  public static final String ROLLOUTS = "rollouts";

  /** Global store of releases. */
  public static final String RELEASES = "releases";

  private RolloutTopology() {}

  /** Builds it, as a service runs it. */
  public static Topology build(TopologySettings settings) {
    return build(settings, StateStores.DURABLE);
  }

  /** Builds it with stores of that kind. */
  public static Topology build(TopologySettings settings, StateStores stores) {
    StreamsBuilder builder = new StreamsBuilder();
    MirrorStore.add(builder, ROLLOUTS, KafkaTopic.ROLLOUT_STATE);
    MirrorStore.add(builder, RELEASES, KafkaTopic.RELEASE);
    KStream<String, PartitionSummary> summaries = devices(builder, settings, stores);
    control(builder, settings, stores, summaries);
    return builder.build();
  }

  private static KStream<String, PartitionSummary> devices(
      StreamsBuilder builder, TopologySettings settings, StateStores stores) {
    builder.addStateStore(stores.store(DEVICES, ProtoSerde.of(DeviceRecord.parser())));
    KStream<String, DeviceInput> heartbeats =
        source(builder, KafkaTopic.HEARTBEAT, "heartbeat")
            .mapValues(DeviceInput.HeartbeatBytes::new, Named.as("heartbeat-input"));
    KStream<String, DeviceInput> statuses =
        source(builder, KafkaTopic.STATUS, "status")
            .mapValues(DeviceInput.StatusBytes::new, Named.as("status-input"));
    KStream<String, DeviceOutput> outputs =
        heartbeats
            .merge(statuses, Named.as("device-input"))
            .process(() -> new DeviceProcessor(settings), Named.as("devices"), DEVICES);
    outputs
        .flatMapValues(RolloutTopology::commands, Named.as("commands"))
        .to(
            KafkaTopic.COMMAND.topicName(),
            Produced.with(Serdes.String(), ProtoSerde.of(DeviceCommand.parser()))
                .withName("command-sink"));
    outputs
        .flatMapValues(RolloutTopology::assignments, Named.as("assignments"))
        .to(
            KafkaTopic.ASSIGNMENT.topicName(),
            Produced.with(Serdes.String(), ProtoSerde.of(Assignment.parser()))
                .withName("assignment-sink"));
    return outputs
        .flatMapValues(RolloutTopology::summaries, Named.as("summaries"))
        .repartition(
            Repartitioned.with(Serdes.String(), ProtoSerde.of(PartitionSummary.parser()))
                .withName("summary")
                .withNumberOfPartitions(1));
  }

  private static void control(
      StreamsBuilder builder,
      TopologySettings settings,
      StateStores stores,
      KStream<String, PartitionSummary> summaries) {
    builder.addStateStore(stores.store(CONTROL, ProtoSerde.of(RolloutRecord.parser())));
    KStream<String, ControlInput> asked =
        builder.stream(
                KafkaTopic.ROLLOUT_REQUEST.topicName(),
                Consumed.with(Serdes.String(), ProtoSerde.of(RolloutRequest.parser()))
                    .withName("request-source"))
            .mapValues(ControlInput.Asked::new, Named.as("request-input"));
    KStream<String, ControlInput> summed =
        summaries.mapValues(ControlInput.Summed::new, Named.as("summary-input"));
    KStream<String, ControlOutput> outputs =
        asked
            .merge(summed, Named.as("control-input"))
            .process(() -> new ControlProcessor(settings), Named.as("control"), CONTROL);
    outputs
        .flatMapValues(RolloutTopology::snapshots, Named.as("snapshots"))
        .to(
            KafkaTopic.ROLLOUT_STATE.topicName(),
            Produced.with(Serdes.String(), ProtoSerde.of(RolloutSnapshot.parser()))
                .withName("state-sink"));
    outputs
        .flatMapValues(RolloutTopology::events, Named.as("events"))
        .to(
            KafkaTopic.ROLLOUT_EVENT.topicName(),
            Produced.with(Serdes.String(), ProtoSerde.of(RolloutEvent.parser()))
                .withName("event-sink"));
  }

  private static KStream<String, ByteString> source(
      StreamsBuilder builder, KafkaTopic topic, String name) {
    return builder.stream(
            topic.topicName(),
            Consumed.with(Serdes.String(), Serdes.ByteArray()).withName(name + "-source"))
        .mapValues(UnsafeByteOperations::unsafeWrap, Named.as(name + "-bytes"));
  }

  private static List<DeviceCommand> commands(DeviceOutput output) {
    return output instanceof DeviceOutput.Told told ? List.of(told.command()) : List.of();
  }

  private static List<Assignment> assignments(DeviceOutput output) {
    return output instanceof DeviceOutput.Assigned assigned
        ? List.of(assigned.assignment())
        : List.of();
  }

  private static List<PartitionSummary> summaries(DeviceOutput output) {
    return output instanceof DeviceOutput.Summed summed ? List.of(summed.summary()) : List.of();
  }

  private static List<@Nullable RolloutSnapshot> snapshots(ControlOutput output) {
    return switch (output) {
      case ControlOutput.Published published -> List.of(published.snapshot());
      case ControlOutput.Forgotten forgotten -> Collections.singletonList(null);
      case ControlOutput.Noted noted -> List.of();
    };
  }

  private static List<RolloutEvent> events(ControlOutput output) {
    return output instanceof ControlOutput.Noted noted ? List.of(noted.event()) : List.of();
  }
}
