package dev.earshot.monitoring.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SessionEvent;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.SlotContent;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthTopologyTest {
  private static final String DEVICE = "home/kitchen-1";
  private static final String CONTROL_KEY = "home|hey-nova:1.0.0|ndp120|eu|kitchen|control";
  private static final String NO_ARM_KEY = "home|hey-nova:1.0.0|ndp120|eu|kitchen|none";

  private final CollectorRegistry registry = new CollectorRegistry();
  private TopologyTestDriver driver;

  HealthTopologyTest(@TempDir Path directory) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "health");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    driver = new TopologyTestDriver(HealthTopology.build(new IntakeMetrics(registry)), properties);
  }

  @BeforeEach
  void deviceIsBorn() {
    send(KafkaTopic.STATUS, DEVICE, status(1, 0, "hey-nova:1.0.0").toByteArray());
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void intervalsDeliveredTwiceAndOutOfOrder_countOnce() {
    List<Heartbeat> beats =
        IntStream.range(0, 40).mapToObj(i -> beat(1, i, i % 3)).collect(Collectors.toList());
    List<Heartbeat> delivered = new ArrayList<>(beats);
    delivered.addAll(beats.subList(5, 30));
    Collections.shuffle(delivered, new Random(7));

    delivered.forEach(beat -> send(KafkaTopic.HEARTBEAT, DEVICE, beat.toByteArray()));

    HealthTotals sums = totals(NO_ARM_KEY);
    assertEquals(40, sums.getHeartbeats());
    assertEquals(
        beats.stream().mapToLong(Heartbeat::getFalseAccepts).sum(), sums.getFalseAccepts());
    assertEquals(40 * 600_000L, sums.getListeningMs());
    assertEquals(40, device().getHeartbeats());
    assertEquals(40.0, metric("first"));
    assertEquals(25.0, metric("duplicate"));
  }

  @Test
  void interval_isCountedUnderTheArmThatIsKnownThen() {
    send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, 0, 2).toByteArray());
    send(
        KafkaTopic.ASSIGNMENT,
        DEVICE,
        Assignment.newBuilder().setRollout("r1").setArm(Arm.CONTROL).build().toByteArray());
    send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, 1, 3).toByteArray());

    assertEquals(2, totals(NO_ARM_KEY).getFalseAccepts());
    assertEquals(3, totals(CONTROL_KEY).getFalseAccepts());
  }

  @Test
  void olderPicture_doesNotReplaceANewerOne() {
    send(KafkaTopic.STATUS, DEVICE, status(2, 0, "hey-nova:1.1.0").toByteArray());
    send(KafkaTopic.STATUS, DEVICE, status(1, 9, "hey-nova:1.0.0").toByteArray());
    assertEquals("hey-nova:1.1.0", device().getRelease());
  }

  @Test
  void everyDevice_isInThePopulationOnce() {
    send(KafkaTopic.SESSION, DEVICE, session(SessionEvent.Kind.CONNECTED, 5).toByteArray());
    send(KafkaTopic.STATUS, "home/kitchen-2", status(1, 0, "hey-nova:1.0.0").toByteArray());
    assertEquals(
        Map.of(
            "home|hey-nova:1.0.0|ndp120|eu|none|true", 1L,
            "home|hey-nova:1.0.0|ndp120|eu|none|false", 1L),
        population());

    send(KafkaTopic.STATUS, DEVICE, status(1, 1, "hey-nova:1.1.0").toByteArray());
    assertEquals(
        Map.of(
            "home|hey-nova:1.1.0|ndp120|eu|none|true", 1L,
            "home|hey-nova:1.0.0|ndp120|eu|none|false", 1L),
        population());
  }

  @Test
  void lateGoodbyeOfAnOlderSession_changesNothing() {
    send(KafkaTopic.SESSION, DEVICE, session(SessionEvent.Kind.CONNECTED, 5).toByteArray());
    send(KafkaTopic.SESSION, DEVICE, session(SessionEvent.Kind.CONNECTED, 6).toByteArray());
    send(KafkaTopic.SESSION, DEVICE, session(SessionEvent.Kind.TAKEN_OVER, 5).toByteArray());
    assertEquals(true, device().getConnected());
    send(KafkaTopic.SESSION, DEVICE, session(SessionEvent.Kind.DISCONNECTED, 6).toByteArray());
    assertFalse(device().getConnected());
  }

  @Test
  void unreadableRecord_isPassedOverAndCounted() {
    send(KafkaTopic.HEARTBEAT, DEVICE, new byte[] {(byte) 0xff, 1, 2});
    send(KafkaTopic.HEARTBEAT, "not-a-device", beat(1, 0, 1).toByteArray());
    send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, 0, 1).toByteArray());

    assertEquals(1, totals(NO_ARM_KEY).getHeartbeats());
    assertEquals(
        2.0,
        registry.getSampleValue(
            "earshot_monitoring_unreadable_total",
            new String[] {"topic"},
            new String[] {KafkaTopic.HEARTBEAT.topicName()}));
  }

  @Test
  void changedSums_arePublished() throws Exception {
    send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, 0, 2).toByteArray());
    driver.advanceWallClockTime(Duration.ofSeconds(6));
    Map<String, byte[]> published =
        driver
            .createOutputTopic(
                KafkaTopic.FLEET_HEALTH.topicName(),
                new StringDeserializer(),
                new ByteArrayDeserializer())
            .readKeyValuesToMap();
    byte[] value = published.get("0|" + NO_ARM_KEY);
    assertEquals(2, HealthTotals.parseFrom(value == null ? new byte[0] : value).getFalseAccepts());
  }

  private void send(KafkaTopic topic, String key, byte[] value) {
    TestInputTopic<String, byte[]> input =
        driver.createInputTopic(
            topic.topicName(), new StringSerializer(), new ByteArraySerializer());
    RecordHeaders headers = new RecordHeaders();
    headers.add(KafkaTopic.RECEIVED_MS_HEADER, "1000".getBytes(StandardCharsets.US_ASCII));
    input.pipeInput(new TestRecord<>(key, value, headers));
  }

  private HealthTotals totals(String key) {
    KeyValueStore<String, HealthTotals> store = driver.getKeyValueStore(Stores.TOTALS);
    HealthTotals sums = store.get(key);
    return sums == null ? HealthTotals.getDefaultInstance() : sums;
  }

  private DeviceHealth device() {
    KeyValueStore<String, DeviceHealth> store = driver.getKeyValueStore(Stores.DEVICES);
    return store.get(DEVICE);
  }

  private Map<String, Long> population() {
    KeyValueStore<String, Long> store = driver.getKeyValueStore(Stores.POPULATION);
    Map<String, Long> counts = new HashMap<>();
    store.all().forEachRemaining(entry -> counts.put(entry.key, entry.value));
    return counts;
  }

  private @Nullable Double metric(String verdict) {
    return registry.getSampleValue(
        "earshot_monitoring_intervals_total", new String[] {"verdict"}, new String[] {verdict});
  }

  private static Heartbeat beat(int boot, int sequence, int falseAccepts) {
    return Heartbeat.newBuilder()
        .setBootId(boot)
        .setSequence(sequence)
        .setIntervalMs(900_000)
        .setListeningMs(600_000)
        .setRelease("hey-nova:1.0.0")
        .setEnvironment(Environment.KITCHEN)
        .setFalseAccepts(falseAccepts)
        .build();
  }

  private static DeviceStatus status(int boot, int sequence, String release) {
    return DeviceStatus.newBuilder()
        .setBootId(boot)
        .setSequence(sequence)
        .setAttributes(DeviceAttributes.newBuilder().setChip("ndp120").setRegion("eu"))
        .setActiveSlot(Slot.SLOT_A)
        .addSlots(
            SlotContent.newBuilder()
                .setSlot(Slot.SLOT_A)
                .setRelease(release)
                .setModelDigest(ByteString.copyFrom(new byte[32])))
        .build();
  }

  private static SessionEvent session(SessionEvent.Kind kind, long epoch) {
    return SessionEvent.newBuilder().setKind(kind).setEpoch(epoch).build();
  }
}
