package dev.earshot.cli.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutTarget;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.SlotContent;
import dev.earshot.rollout.plan.PlanFormat;
import dev.earshot.service.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes what a fleet and an operator would write. The same seed writes the same. */
final class BenchTraffic implements AutoCloseable {
  static final String ROLLOUT = "bench";
  private static final String OLD = "hey-nova:1.0.0";
  private static final String NEW = "hey-nova:1.1.0";
  private static final String CHIP = "ndp120";
  private static final int HOUR_MILLIS = 3_600_000;
  private static final int HISTOGRAM_BUCKETS = 32;
  private static final int BATCH_BYTES = 256 << 10;
  private static final long SEED = 20_261;

  /** Everybody is in the cohort; neither pace nor downloads nor gates hold the offers back. */
  private static final String PLAN =
      """
      release: hey-nova:1.1.0
      cohort: device.chip == "ndp120" && device.region in ["eu", "us"]
      stages:
        - {percent: 10, soak: 30d}
        - {percent: 50, soak: 30d}
      offers: {per_minute: 900000000, max_per_minute: 900000000, max_downloads: 900000000}
      """;

  private final KafkaProducer<String, byte[]> producer;
  private final SplittableRandom random = new SplittableRandom(SEED);

  BenchTraffic(String bootstrap) {
    Properties properties = KafkaSettings.producer(bootstrap, "bench-traffic");
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
  }

  /** The releases before and after. */
  void releases() {
    release(OLD, 1);
    release(NEW, 2);
    producer.flush();
  }

  /** The births of that many devices. */
  void statuses(int devices) {
    for (int i = 0; i < devices; i++) {
      DeviceStatus status =
          DeviceStatus.newBuilder()
              .setBootId(1)
              .setAttributes(
                  DeviceAttributes.newBuilder()
                      .setChip(CHIP)
                      .setRegion(i % 2 == 0 ? "eu" : "us")
                      .setFirmware("4.2." + i % 10)
                      .setHardware("rev-c"))
              .setActiveSlot(Slot.SLOT_A)
              .addSlots(SlotContent.newBuilder().setSlot(Slot.SLOT_A).setRelease(OLD))
              .build();
      send(KafkaTopic.STATUS, device(i), status);
    }
    producer.flush();
  }

  /** One hour of each of that many devices. */
  void heartbeats(int devices) {
    for (int i = 0; i < devices; i++) {
      Heartbeat.Builder heartbeat =
          Heartbeat.newBuilder()
              .setBootId(1)
              .setIntervalStartMs(Instant.now().toEpochMilli() - HOUR_MILLIS)
              .setIntervalMs(HOUR_MILLIS)
              .setUptimeMs(HOUR_MILLIS)
              .setModelDigest(digest(OLD))
              .setRelease(OLD)
              .setSlot(Slot.SLOT_A)
              .setEnvironment(i % 3 == 0 ? Environment.CAR : Environment.KITCHEN)
              .setListeningMs(HOUR_MILLIS)
              .setWakes(random.nextInt(8))
              .setFalseAccepts(random.nextInt(2))
              .setInferences(90_000)
              .setNdpEnergyUj(504_000)
              .setBatterySocPct(80)
              .setOperationalCrashfreeMs(HOUR_MILLIS)
              .setConnectivityConnectedMs(HOUR_MILLIS)
              .setConnectivityExpectedMs(HOUR_MILLIS);
      for (int bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        heartbeat.addScoreHistogram(random.nextInt(5_000));
      }
      send(KafkaTopic.HEARTBEAT, device(i), heartbeat.build());
    }
    producer.flush();
  }

  /** An operator starts a rollout over everybody. */
  void start() {
    request(
        RolloutRequest.newBuilder()
            .setCreate(
                RolloutRequest.Create.newBuilder()
                    .setPlan(PlanFormat.write(PlanFormat.read(PLAN)).toString())
                    .setSeed(SEED)
                    .setStart(true)
                    .setTarget(
                        RolloutTarget.newBuilder()
                            .setRelease(NEW)
                            .setManifestDigest(digest(NEW))
                            .addChips(CHIP)))
            .setRequestId("start"));
  }

  /** An operator begins the next stage. */
  void promote(long revision) {
    request(
        RolloutRequest.newBuilder()
            .setPromote(RolloutRequest.Promote.getDefaultInstance())
            .setExpectedRevision(revision)
            .setRequestId("promote"));
  }

  @Override
  public void close() {
    producer.close();
  }

  private void request(RolloutRequest.Builder request) {
    send(
        KafkaTopic.ROLLOUT_REQUEST, ROLLOUT, request.setRollout(ROLLOUT).setActor("bench").build());
    producer.flush();
  }

  private void release(String release, int counter) {
    send(
        KafkaTopic.RELEASE,
        release,
        ModelRelease.newBuilder()
            .setName(release.substring(0, release.indexOf(':')))
            .setVersion(release.substring(release.indexOf(':') + 1))
            .setCounter(counter)
            .addChips(CHIP)
            .setManifest(ByteString.copyFromUtf8(release))
            .setManifestDigest(digest(release))
            .setStatus(ReleaseStatus.APPROVED)
            .build());
  }

  private void send(KafkaTopic topic, String key, MessageLite message) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(topic.topicName(), key, message.toByteArray());
    record
        .headers()
        .add(
            KafkaTopic.RECEIVED_MS_HEADER,
            Long.toString(Instant.now().toEpochMilli()).getBytes(StandardCharsets.US_ASCII));
    Future<RecordMetadata> _ = producer.send(record);
  }

  private static String device(int number) {
    return "fleet/device-%07d".formatted(number);
  }

  private static ByteString digest(String text) {
    return ByteString.copyFrom(Digest.of(text.getBytes(StandardCharsets.UTF_8)).bytes());
  }
}
