package dev.earshot.rollout.stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRecord;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.protocol.v1.RolloutTarget;
import dev.earshot.rollout.StreamMetrics;
import dev.earshot.rollout.assignment.Orders;
import dev.earshot.rollout.director.Director;
import dev.earshot.rollout.lifecycle.Phases;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.plan.PlanFormat;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * Devices around the topology, on a clock that the test moves. The same seed gives the same day.
 */
final class TestFleet implements AutoCloseable {
  static final String OLD = "hey-nova:1.0.0";
  static final String NEW = "hey-nova:1.1.0";
  static final Duration STEP = Duration.ofMinutes(10);
  private static final Duration INTERVAL = Duration.ofHours(1);
  private static final int STEPS_PER_INTERVAL = 6;

  final ManualClock machine = new ManualClock();
  final FleetClock clock = FleetClock.startingAt(ManualClock.START, 1, machine);
  final Map<DeviceId, TestDevice> devices = new LinkedHashMap<>();
  final Map<String, TestBehaviour> behaviour = new HashMap<>();
  final List<DeviceCommand> commands = new ArrayList<>();
  final List<RolloutEvent> events = new ArrayList<>();
  final Map<String, RolloutSnapshot> snapshots = new HashMap<>();
  final Map<String, Assignment> assignments = new HashMap<>();

  /** What a heartbeat goes through on its way; sends it by default. */
  BiConsumer<TestDevice, Heartbeat> network = this::deliver;

  private final Path stateDirectory;
  private final SplittableRandom random;
  private final Map<String, ModelRelease> releases = new LinkedHashMap<>();
  private TopologyTestDriver driver;
  private int step;

  TestFleet(Path stateDirectory, int size, long seed) {
    this.stateDirectory = stateDirectory;
    this.random = new SplittableRandom(seed);
    for (int i = 0; i < size; i++) {
      DeviceId id = new DeviceId("test", "device-" + i);
      Environment environment = i % 2 == 0 ? Environment.KITCHEN : Environment.CAR;
      double noisiness = 0.5 + random.nextDouble();
      devices.put(id, new TestDevice(id, OLD, environment, noisiness));
    }
    driver = driver(Director.of(TestDirector.TRUST.director()));
    release(OLD, 1);
    release(NEW, 2);
  }

  void announceAll() {
    devices.values().forEach(this::announce);
  }

  void announce(TestDevice device) {
    send(KafkaTopic.STATUS, device.id.toString(), device.status());
    collect();
  }

  /** The device says that. */
  void hear(TestDevice device, List<DeviceStatus> statuses) {
    statuses.forEach(status -> send(KafkaTopic.STATUS, device.id.toString(), status));
    collect();
  }

  void release(String release, int counter) {
    ModelRelease message =
        ModelRelease.newBuilder()
            .setName(release.substring(0, release.indexOf(':')))
            .setVersion(release.substring(release.indexOf(':') + 1))
            .setCounter(counter)
            .addChips("ndp120")
            .setManifest(ByteString.copyFromUtf8(release))
            .setManifestDigest(digest(release))
            .setStatus(ReleaseStatus.APPROVED)
            .build();
    announce(release, message);
  }

  /** The registry says that the release is that now. */
  void status(String release, ReleaseStatus status, String by, String reason) {
    announce(
        release,
        Objects.requireNonNull(releases.get(release)).toBuilder()
            .setStatus(status)
            .setStatusChangedBy(by)
            .setStatusReason(reason)
            .build());
  }

  void revoke(String release) {
    status(release, ReleaseStatus.REVOKED, "eve", "burns batteries");
  }

  private void announce(String release, ModelRelease message) {
    releases.put(release, message);
    send(KafkaTopic.RELEASE, release, message);
  }

  /** Another instance has the partitions now, and signs with that key. */
  void takeOver(SigningKey director) {
    List<KeyValue<String, DeviceRecord>> records = entries(RolloutTopology.DEVICES);
    List<KeyValue<String, RolloutRecord>> rollouts = entries(RolloutTopology.CONTROL);
    driver.close();
    driver = driver(Director.of(director));
    driver.<String, DeviceRecord>getKeyValueStore(RolloutTopology.DEVICES).putAll(records);
    driver.<String, RolloutRecord>getKeyValueStore(RolloutTopology.CONTROL).putAll(rollouts);
    releases.forEach((release, message) -> send(KafkaTopic.RELEASE, release, message));
    snapshots.forEach(this::publish);
  }

  private <V> List<KeyValue<String, V>> entries(String store) {
    List<KeyValue<String, V>> entries = new ArrayList<>();
    try (KeyValueIterator<String, V> all = driver.<String, V>getKeyValueStore(store).all()) {
      all.forEachRemaining(entries::add);
    }
    return entries;
  }

  static ByteString digest(String release) {
    return ByteString.copyFrom(Digest.of(release.getBytes(StandardCharsets.UTF_8)).bytes());
  }

  void create(String rollout, String plan) {
    create(rollout, plan, false);
  }

  void preview(String rollout, String plan) {
    create(rollout, plan, true);
  }

  /** Sends the cohort back to the release, by hand. */
  void revert(String id, String cohort, String to) {
    request(
        RolloutRequest.newBuilder()
            .setRequestId(id + "-revert")
            .setRollout(id)
            .setActor("ada")
            .setReason("broken")
            .setCreate(
                RolloutRequest.Create.newBuilder()
                    .setPlan(PlanFormat.write(Plan.of(ReleaseRef.parse(to), cohort)).toString())
                    .setRevert(true)
                    .setTarget(
                        RolloutTarget.newBuilder()
                            .setRelease(to)
                            .setManifestDigest(digest(to))
                            .addChips("ndp120")))
            .build());
  }

  boolean isForgotten(String rollout) {
    return !snapshots.containsKey(rollout);
  }

  private void create(String rollout, String plan, boolean preview) {
    String json = PlanFormat.write(PlanFormat.read(plan)).toString();
    request(
        RolloutRequest.newBuilder()
            .setRequestId(rollout + "-create")
            .setRollout(rollout)
            .setActor("ada")
            .setCreate(
                RolloutRequest.Create.newBuilder()
                    .setPlan(json)
                    .setSeed(42)
                    .setStart(!preview)
                    .setPreview(preview)
                    .setTarget(
                        RolloutTarget.newBuilder()
                            .setRelease(PlanFormat.read(plan).release().toString())
                            .setManifestDigest(digest(PlanFormat.read(plan).release().toString()))
                            .addChips("ndp120")))
            .build());
  }

  void request(RolloutRequest request) {
    send(KafkaTopic.ROLLOUT_REQUEST, request.getRollout(), request);
    collect();
  }

  /** Writes to the topic of rollouts what the control side would; null removes the rollout. */
  void publish(String rollout, @Nullable RolloutSnapshot snapshot) {
    driver
        .createInputTopic(
            KafkaTopic.ROLLOUT_STATE.topicName(), new StringSerializer(), new ByteArraySerializer())
        .pipeInput(rollout, snapshot == null ? null : snapshot.toByteArray());
  }

  /** Whether the devices' side has the rollout in its store. */
  boolean knows(String rollout) {
    return driver.getKeyValueStore(RolloutTopology.ROLLOUTS).get(rollout) != null;
  }

  RolloutRequest.Builder order(String rollout) {
    return RolloutRequest.newBuilder()
        .setRollout(rollout)
        .setRequestId("request-" + events.size())
        .setActor("ada")
        .setExpectedRevision(snapshot(rollout).getRevision());
  }

  RolloutSnapshot snapshot(String rollout) {
    return snapshots.getOrDefault(rollout, RolloutSnapshot.getDefaultInstance());
  }

  String word(String rollout) {
    return Phases.read(snapshot(rollout).getPhase()).word();
  }

  /** Lets fleet time pass: devices report, and the topology looks at the clock. */
  void pass(Duration duration) {
    for (long i = 0; i < duration.dividedBy(STEP); i++) {
      machine.advance(STEP);
      step++;
      int phase = 0;
      for (TestDevice device : devices.values()) {
        TestBehaviour now = behaviour.getOrDefault(device.active, TestBehaviour.USUAL);
        boolean due = phase++ % STEPS_PER_INTERVAL == step % STEPS_PER_INTERVAL;
        if (due && device.isHeard(now)) {
          network.accept(device, device.heartbeat(INTERVAL.toMillis(), now, random));
        }
      }
      driver.advanceWallClockTime(STEP);
      collect();
    }
  }

  /** Lets time pass until the rollout is in that state. */
  boolean reaches(String rollout, String word, Duration within) {
    for (long i = 0; i < within.dividedBy(STEP); i++) {
      if (word(rollout).equals(word)) {
        return true;
      }
      pass(STEP);
    }
    return word(rollout).equals(word);
  }

  void deliver(TestDevice device, Heartbeat heartbeat) {
    deliver(device, heartbeat, machine.millis());
  }

  void deliver(TestDevice device, Heartbeat heartbeat, long receivedMillis) {
    send(KafkaTopic.HEARTBEAT, device.id.toString(), heartbeat, receivedMillis);
  }

  /** What that device's assignment topic says. */
  Assignment assignment(TestDevice device) {
    return Objects.requireNonNull(
        assignments.get(device.id.toString()), () -> "no assignment of " + device.id);
  }

  long assigned(AssignmentState state) {
    return assignments.values().stream()
        .filter(assignment -> assignment.getState() == state)
        .count();
  }

  RolloutEvent event(String kind) {
    return events.stream().filter(each -> each.getKind().equals(kind)).findFirst().orElseThrow();
  }

  List<String> kinds() {
    return events.stream().map(RolloutEvent::getKind).toList();
  }

  @Override
  public void close() {
    driver.close();
  }

  private void collect() {
    drain(KafkaTopic.ROLLOUT_EVENT, RolloutEvent.parser(), (key, event) -> events.add(event));
    drain(KafkaTopic.ROLLOUT_STATE, RolloutSnapshot.parser(), this::take);
    drain(KafkaTopic.ASSIGNMENT, Assignment.parser(), assignments::put);
    drain(
        KafkaTopic.COMMAND,
        DeviceCommand.parser(),
        (key, command) -> {
          commands.add(command);
          TestDevice device = devices.get(DeviceId.parse(key));
          if (device != null) {
            device.obey(command).forEach(status -> send(KafkaTopic.STATUS, key, status));
          }
        });
  }

  private void take(String rollout, @Nullable RolloutSnapshot snapshot) {
    if (snapshot == null) {
      snapshots.remove(rollout);
    } else {
      snapshots.put(rollout, snapshot);
    }
  }

  private <T extends MessageLite> void drain(
      KafkaTopic topic, Parser<T> parser, BiConsumer<String, T> to) {
    TestOutputTopic<String, T> output =
        driver.createOutputTopic(
            topic.topicName(), new StringDeserializer(), ProtoSerde.of(parser).deserializer());
    for (TestRecord<String, T> record : output.readRecordsToList()) {
      to.accept(record.key(), record.value());
    }
  }

  private void send(KafkaTopic topic, String key, MessageLite message) {
    send(topic, key, message, machine.millis());
  }

  private void send(KafkaTopic topic, String key, MessageLite message, long receivedMillis) {
    TestInputTopic<String, byte[]> input =
        driver.createInputTopic(
            topic.topicName(), new StringSerializer(), new ByteArraySerializer());
    RecordHeaders headers = new RecordHeaders();
    headers.add(
        KafkaTopic.RECEIVED_MS_HEADER,
        Long.toString(receivedMillis).getBytes(StandardCharsets.US_ASCII));
    input.pipeInput(new TestRecord<>(key, message.toByteArray(), headers, machine.instant()));
  }

  private TopologyTestDriver driver(Director director) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test-rollout");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    return new TopologyTestDriver(
        RolloutTopology.build(
            new TopologySettings(
                clock,
                1,
                new Orders("http://registry:7081", director),
                Duration.ofMinutes(2),
                Duration.ofSeconds(5),
                new StreamMetrics(new CollectorRegistry()))),
        properties,
        machine.instant());
  }
}
