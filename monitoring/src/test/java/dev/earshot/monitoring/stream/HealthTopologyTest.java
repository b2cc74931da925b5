package dev.earshot.monitoring.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.earshot.monitoring.health.AgeHistogram;
import dev.earshot.monitoring.health.FleetKey;
import dev.earshot.monitoring.health.FleetSnapshot;
import dev.earshot.monitoring.health.FleetView;
import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.health.LabelFold;
import dev.earshot.monitoring.health.SeriesBudget;
import dev.earshot.monitoring.health.SilenceKey;
import dev.earshot.monitoring.health.UpdateKey;
import dev.earshot.monitoring.health.WindowKey;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.DeviceInterval;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.protocol.v1.HealthWindow;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SessionEvent;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.SlotContent;
import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.protocol.v1.UpdateState;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
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
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthTopologyTest {
  private static final String DEVICE = "home/kitchen-1";
  private static final String CONTROL_KEY = "home|r1|hey-nova:1.0.0|ndp120|eu|kitchen|control";
  private static final String NO_ARM_KEY = "home|none|hey-nova:1.0.0|ndp120|eu|kitchen|none";

  private static final long RECEIVED = 1_000_000_000_000L;

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Boards boards = new Boards();
  private long nowMillis = RECEIVED;
  private long receivedMillis = RECEIVED;
  private TopologyTestDriver driver;

  HealthTopologyTest(@TempDir Path directory) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "health");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    TopologySettings settings =
        new TopologySettings(
            () -> Instant.ofEpochMilli(nowMillis),
            Duration.ofHours(6),
            Duration.ofDays(7),
            new SeriesBudget(SeriesBudget.LOWEST),
            boards,
            new IntakeMetrics(registry));
    driver = new TopologyTestDriver(HealthTopology.build(settings), properties);
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
        IntStream.range(0, 40)
            .mapToObj(i -> beat(1, i, i % 3).toBuilder().setDroppedHeartbeats(i % 2).build())
            .collect(Collectors.toList());
    List<Heartbeat> delivered = new ArrayList<>(beats);
    delivered.addAll(beats.subList(5, 30));
    Collections.shuffle(delivered, new Random(7));

    delivered.forEach(beat -> send(KafkaTopic.HEARTBEAT, DEVICE, beat.toByteArray()));

    HealthTotals sums = totals(NO_ARM_KEY);
    assertEquals(40, sums.getHeartbeats());
    assertEquals(
        beats.stream().mapToLong(Heartbeat::getFalseAccepts).sum(), sums.getFalseAccepts());
    assertEquals(40 * 600_000L, sums.getListeningMs());
    assertEquals(20, sums.getDroppedHeartbeats());
    assertEquals(40, device().getHeartbeats());
    assertEquals(40.0, metric("first"));
    assertEquals(25.0, metric("duplicate"));
  }

  @Test
  void interval_isCountedUnderTheArmThatIsKnownThen() {
    send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, 0, 2).toByteArray());
    send(KafkaTopic.ASSIGNMENT, DEVICE, assignment("r1"));
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
            "home|none|hey-nova:1.0.0|ndp120|eu|none|true", 1L,
            "home|none|hey-nova:1.0.0|ndp120|eu|none|false", 1L),
        population());

    send(KafkaTopic.STATUS, DEVICE, status(1, 1, "hey-nova:1.1.0").toByteArray());
    assertEquals(
        Map.of(
            "home|none|hey-nova:1.1.0|ndp120|eu|none|true", 1L,
            "home|none|hey-nova:1.0.0|ndp120|eu|none|false", 1L),
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
  void deletedAssignment_leavesTheDeviceInNoRollout() {
    send(KafkaTopic.ASSIGNMENT, DEVICE, assignment("r1"));
    send(KafkaTopic.ASSIGNMENT, DEVICE, null);
    send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, 0, 2).toByteArray());
    assertEquals(2, totals(NO_ARM_KEY).getFalseAccepts());
  }

  @Test
  void changedWindows_arePublished_andDeletedWhenTheyAreTooOld() throws Exception {
    send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, 0, 2).toByteArray());
    send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, 1, 3).toByteArray());
    driver.advanceWallClockTime(Duration.ofSeconds(6));
    String key = "0|" + WindowKey.startOf(RECEIVED) + "|" + NO_ARM_KEY;
    HealthWindow window = HealthWindow.parseFrom(present(published().get(key)));
    assertEquals(5, window.getTotals().getFalseAccepts());
    assertEquals("kitchen", window.getEnvironment());
    assertEquals(WindowKey.startOf(RECEIVED), window.getWindowStartMs());

    nowMillis += Duration.ofDays(8).toMillis();
    driver.advanceWallClockTime(Duration.ofSeconds(6));
    Map<String, byte[]> deleted = published();
    assertTrue(deleted.containsKey(key));
    assertNull(deleted.get(key));
    assertEquals(Map.of(), windows());
    assertEquals(5, totals(NO_ARM_KEY).getFalseAccepts());
  }

  @Test
  void interval_isInTheWindowInWhichItEnded_orInWhichItCame_afterTheGrace() {
    long window = WindowKey.LENGTH.toMillis();
    long now = WindowKey.startOf(RECEIVED);
    receivedMillis = now;
    send(KafkaTopic.HEARTBEAT, DEVICE, ended(1, 2, now - window / 2));
    send(KafkaTopic.HEARTBEAT, DEVICE, ended(1, 1, now - Duration.ofHours(5).toMillis()));
    send(KafkaTopic.HEARTBEAT, DEVICE, ended(1, 0, now - Duration.ofHours(7).toMillis()));
    send(KafkaTopic.HEARTBEAT, DEVICE, ended(1, 3, now + Duration.ofHours(1).toMillis()));

    assertEquals(
        Map.of(now - window, 1L, now - Duration.ofHours(5).toMillis(), 1L, now, 2L), windows());
    assertEquals(3.0, metric("first"));
    assertEquals(1.0, metric("late"));
    assertEquals(1, totals(NO_ARM_KEY).getLateHeartbeats());
    assertEquals(4, totals(NO_ARM_KEY).getHeartbeats());
  }

  @Test
  void windows_addUpToTheTotals_inWhateverOrderIntervalsCome() {
    Random random = new Random(11);
    long falseAccepts = 0;
    List<Heartbeat> beats = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Heartbeat beat =
          beat(1, i, i % 4).toBuilder()
              .setIntervalStartMs(RECEIVED - random.nextLong(Duration.ofDays(3).toMillis()))
              .build();
      falseAccepts += beat.getFalseAccepts();
      beats.add(beat);
    }
    Collections.shuffle(beats, random);
    for (Heartbeat beat : beats) {
      receivedMillis = RECEIVED + random.nextLong(Duration.ofHours(2).toMillis());
      send(KafkaTopic.HEARTBEAT, DEVICE, beat.toByteArray());
    }

    assertEquals(60, windows().values().stream().mapToLong(Long::longValue).sum());
    assertEquals(falseAccepts, totals(NO_ARM_KEY).getFalseAccepts());
  }

  @Test
  void device_isSilentAfterThreeOfItsOwnIntervals_untilItIsHeardAgain() {
    send(KafkaTopic.STATUS, "home/never", status(1, 0, "hey-nova:1.0.0").toByteArray());
    send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, 0, 0).toByteArray());
    send(KafkaTopic.HEARTBEAT, "home/slow", beat(1, 0, 0, 3_600_000).toByteArray());
    nowMillis = RECEIVED + 3 * 900_000;
    turns();
    assertEquals(Map.of(), boards.snapshot().silent());

    nowMillis += 1;
    turns();
    SilenceKey key = new SilenceKey("home", "none", "hey-nova:1.0.0", "none");
    assertEquals(Map.of(key, 1L), boards.snapshot().silent());
    AgeHistogram ages = present(boards.snapshot().ages().get(new FleetKey("home")));
    assertEquals(2, ages.count(5), "both were heard 45 to 60 minutes ago");
    assertEquals(2 * 2_700.001, ages.sumSeconds(), 1e-6);

    receivedMillis = nowMillis;
    send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, 1, 0).toByteArray());
    turns();
    assertEquals(Map.of(), boards.snapshot().silent());
  }

  @Test
  void silence_isNotHeldAgainstDevices_whileTheirMessagesWait() {
    send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, 0, 0).toByteArray());
    driver.advanceWallClockTime(Duration.ofMinutes(10));
    // Read ten minutes after it was written: more may wait behind it.
    receivedMillis += 900_000;
    nowMillis += Duration.ofHours(5).toMillis();
    send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, 1, 0).toByteArray());
    driver.advanceWallClockTime(Duration.ofSeconds(4));
    driver.advanceWallClockTime(Duration.ofSeconds(1));
    assertEquals(Map.of(), boards.snapshot().silent());

    driver.advanceWallClockTime(Duration.ofSeconds(10));
    turns();
    assertEquals(1, boards.snapshot().silent().size());
  }

  @Test
  void funnel_countsEveryDeviceWhereItsNewestUpdateStands() {
    send(KafkaTopic.STATUS, DEVICE, updating(1, UpdateState.DOWNLOADING));
    send(KafkaTopic.STATUS, "home/b", updating(1, UpdateState.DOWNLOADING));
    send(KafkaTopic.STATUS, DEVICE, updating(2, UpdateState.TRIAL));
    send(KafkaTopic.STATUS, DEVICE, updating(3, UpdateState.COMMITTED));
    turns();
    assertEquals(
        Map.of(
            new UpdateKey("home", "r7", "hey-nova:1.1.0", "downloading", "initial"), 1L,
            new UpdateKey("home", "r7", "hey-nova:1.1.0", "committed", "initial"), 1L),
        boards.snapshot().updates());
    assertEquals(
        List.of(UpdateState.COMMITTED, UpdateState.TRIAL, UpdateState.DOWNLOADING),
        history().updates().stream().map(update -> update.getUpdate().getState()).toList());
  }

  @Test
  void history_keepsTheNewestIntervalsOnly() {
    for (int i = 0; i < 40; i++) {
      receivedMillis += 900_000;
      send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, i, 0).toByteArray());
    }
    assertEquals(
        IntStream.range(0, RecentBook.KEPT).mapToObj(i -> 39 - i).toList(),
        history().intervals().stream().map(DeviceInterval::getSequence).toList());
  }

  @Test
  void counts_areShownOnceTheyAreCommittedForCertain() {
    send(KafkaTopic.HEARTBEAT, DEVICE, beat(1, 0, 2).toByteArray());
    for (int turn = 0; turn < 2; turn++) {
      driver.advanceWallClockTime(Duration.ofMillis(HealthStream.TURN_MILLIS));
      assertEquals(Map.of(), boards.snapshot().totals());
    }
    driver.advanceWallClockTime(Duration.ofMillis(HealthStream.TURN_MILLIS));
    assertEquals(Set.of(HealthKey.decode(NO_ARM_KEY)), boards.snapshot().totals().keySet());
  }

  @Test
  void tooManyLabels_areFoldedForGood_andNothingIsLost() {
    int cohorts = 800;
    for (int i = 0; i < cohorts; i++) {
      String device = "home/d" + i;
      receivedMillis = RECEIVED + i;
      send(KafkaTopic.STATUS, device, status(1, 0, "hey-nova:1.0.0").toByteArray());
      send(KafkaTopic.ASSIGNMENT, device, assignment("r" + i));
      send(KafkaTopic.HEARTBEAT, device, beat(1, 0, 1).toByteArray());
    }
    turns();
    send(KafkaTopic.HEARTBEAT, "home/d0", beat(1, 1, 5).toByteArray());
    turns();

    FleetSnapshot fleet = boards.snapshot();
    assertTrue(fleet.totals().size() < cohorts / 2, "kept apart: " + fleet.totals().size());
    assertEquals(
        cohorts + 5,
        fleet.totals().values().stream().mapToLong(HealthTotals::getFalseAccepts).sum());
    assertEquals(cohorts + 1, fleet.devices().values().stream().mapToLong(Long::longValue).sum());
    assertEquals("r" + (cohorts - 1), newestCohort(fleet), "the oldest are folded first");
    assertFalse(fleet.totals().keySet().stream().anyMatch(key -> key.cohort().equals("r0")));
  }

  private static String newestCohort(FleetSnapshot fleet) {
    return fleet.totals().entrySet().stream()
        .filter(entry -> !entry.getKey().cohort().equals(LabelFold.OTHER))
        .max(Comparator.comparingLong(entry -> entry.getValue().getFirstMs()))
        .map(entry -> entry.getKey().cohort())
        .orElse("");
  }

  /** Long enough for a walk over all devices, and for its findings to be shown. */
  private void turns() {
    driver.advanceWallClockTime(Duration.ofSeconds(11));
    for (int turn = 0; turn < 5; turn++) {
      driver.advanceWallClockTime(Duration.ofMillis(HealthStream.TURN_MILLIS));
    }
  }

  private Map<String, byte[]> published() {
    return driver
        .createOutputTopic(
            KafkaTopic.FLEET_HEALTH.topicName(),
            new StringDeserializer(),
            new ByteArrayDeserializer())
        .readKeyValuesToMap();
  }

  private Map<Long, Long> windows() {
    KeyValueStore<String, HealthTotals> store = driver.getKeyValueStore(Stores.WINDOWS);
    Map<Long, Long> heartbeats = new HashMap<>();
    try (KeyValueIterator<String, HealthTotals> all = store.all()) {
      all.forEachRemaining(
          entry ->
              heartbeats.merge(
                  WindowKey.decode(entry.key).startMillis(),
                  entry.value.getHeartbeats(),
                  Long::sum));
    }
    return heartbeats;
  }

  private FleetView.DeviceHistory history() {
    KeyValueStore<String, byte[]> store = driver.getKeyValueStore(Stores.RECENT);
    return RecentBook.history(store, DeviceId.parse(DEVICE), device());
  }

  private void send(KafkaTopic topic, String key, byte @Nullable [] value) {
    TestInputTopic<String, byte[]> input =
        driver.createInputTopic(
            topic.topicName(), new StringSerializer(), new ByteArraySerializer());
    RecordHeaders headers = new RecordHeaders();
    headers.add(
        KafkaTopic.RECEIVED_MS_HEADER,
        Long.toString(receivedMillis).getBytes(StandardCharsets.US_ASCII));
    input.pipeInput(new TestRecord<>(key, value, headers, Instant.EPOCH));
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

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new AssertionError("not there");
    }
    return value;
  }

  private static byte[] assignment(String rollout) {
    return Assignment.newBuilder().setRollout(rollout).setArm(Arm.CONTROL).build().toByteArray();
  }

  private static byte[] updating(int sequence, UpdateState state) {
    return status(1, sequence, "hey-nova:1.0.0").toBuilder()
        .setUpdate(
            UpdateReport.newBuilder().setRollout("r7").setRelease("hey-nova:1.1.0").setState(state))
        .build()
        .toByteArray();
  }

  private static byte[] ended(int boot, int sequence, long endMillis) {
    return beat(boot, sequence, 1).toBuilder()
        .setIntervalStartMs(endMillis - 900_000)
        .build()
        .toByteArray();
  }

  private static Heartbeat beat(int boot, int sequence, int falseAccepts) {
    return beat(boot, sequence, falseAccepts, 900_000);
  }

  private static Heartbeat beat(int boot, int sequence, int falseAccepts, int intervalMillis) {
    return Heartbeat.newBuilder()
        .setBootId(boot)
        .setSequence(sequence)
        .setIntervalMs(intervalMillis)
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
