package dev.earshot.rollout.stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutTarget;
import dev.earshot.rollout.plan.PlanFormat;
import dev.earshot.service.KafkaSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Devices that talk to the service through Kafka, as the gateway would let them. {@link #live} must
 * be called again and again: devices then hear what is committed, answer, and report.
 */
final class KafkaFleet implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration INTERVAL = Duration.ofHours(1);
  private static final int HISTORY_HOURS = 24;

  final Map<String, TestDevice> devices = new LinkedHashMap<>();
  final Map<String, Double> falseAcceptsPerHour = new HashMap<>();

  /** What was written, of open transactions too: the moment at which a kill hurts most. */
  int writtenInstalls;

  int writtenReverts;
  final List<String> writtenEvents = new ArrayList<>();

  private final FleetClock clock;
  private final SplittableRandom random;
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> heard;
  private final KafkaConsumer<String, byte[]> written;
  private final Map<TestDevice, Instant> reported = new HashMap<>();

  KafkaFleet(String bootstrap, int partitions, int size, FleetClock clock, long seed) {
    this.clock = clock;
    this.random = new SplittableRandom(seed);
    producer =
        new KafkaProducer<>(
            KafkaSettings.producer(bootstrap, "test-devices"),
            new StringSerializer(),
            new ByteArraySerializer());
    List<TopicPartition> commands = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      commands.add(new TopicPartition(KafkaTopic.COMMAND.topicName(), i));
    }
    heard = consumer(bootstrap, "read_committed", commands);
    List<TopicPartition> all = new ArrayList<>(commands);
    all.add(new TopicPartition(KafkaTopic.ROLLOUT_EVENT.topicName(), 0));
    written = consumer(bootstrap, "read_uncommitted", all);
    for (int i = 0; i < size; i++) {
      DeviceId id = new DeviceId("test", "device-" + i);
      Environment environment = i % 2 == 0 ? Environment.KITCHEN : Environment.CAR;
      devices.put(
          id.toString(), new TestDevice(id, TestFleet.OLD, environment, 0.5 + random.nextDouble()));
    }
    release(TestFleet.OLD, 1);
    release(TestFleet.NEW, 2);
  }

  /** Births, and a day of heartbeats before now. */
  void announceWithHistory() {
    Instant now = clock.instant();
    devices.values().forEach(device -> send(KafkaTopic.STATUS, device, device.status(), now));
    for (int hour = HISTORY_HOURS; hour > 0; hour--) {
      Instant at = now.minus(INTERVAL.multipliedBy(hour));
      devices.values().forEach(device -> report(device, INTERVAL, at));
    }
    devices.values().forEach(device -> reported.put(device, now));
    producer.flush();
  }

  void create(String rollout, String plan, long seed) {
    RolloutRequest request =
        RolloutRequest.newBuilder()
            .setRequestId(rollout + "-create")
            .setRollout(rollout)
            .setActor("ada")
            .setCreate(
                RolloutRequest.Create.newBuilder()
                    .setPlan(PlanFormat.write(PlanFormat.read(plan)).toString())
                    .setSeed(seed)
                    .setStart(true)
                    .setTarget(
                        RolloutTarget.newBuilder()
                            .setRelease(TestFleet.NEW)
                            .setManifestDigest(TestFleet.digest(TestFleet.NEW))
                            .addChips("ndp120")))
            .build();
    send(KafkaTopic.ROLLOUT_REQUEST, rollout, request, clock.instant());
    producer.flush();
  }

  /** A moment of everybody's life. */
  void live() throws IOException {
    for (ConsumerRecord<String, byte[]> record : heard.poll(POLL)) {
      TestDevice device = device(record.key());
      for (DeviceStatus status : device.obey(DeviceCommand.parseFrom(record.value()))) {
        send(KafkaTopic.STATUS, device, status, clock.instant());
      }
    }
    Instant now = clock.instant();
    for (TestDevice device : devices.values()) {
      Duration since = Duration.between(reported.getOrDefault(device, now), now);
      if (since.compareTo(INTERVAL) >= 0) {
        report(device, since, now);
        reported.put(device, now);
      }
    }
    producer.flush();
    for (ConsumerRecord<String, byte[]> record : written.poll(POLL)) {
      if (record.topic().equals(KafkaTopic.ROLLOUT_EVENT.topicName())) {
        writtenEvents.add(RolloutEvent.parseFrom(record.value()).getKind());
      } else {
        DeviceCommand command = DeviceCommand.parseFrom(record.value());
        writtenInstalls += command.hasInstall() ? 1 : 0;
        writtenReverts += command.hasRevert() ? 1 : 0;
      }
    }
  }

  private void report(TestDevice device, Duration interval, Instant at) {
    TestBehaviour now =
        TestBehaviour.USUAL.falseAccepts(falseAcceptsPerHour.getOrDefault(device.active, 1.0));
    send(KafkaTopic.HEARTBEAT, device, device.heartbeat(interval.toMillis(), now, random), at);
  }

  private TestDevice device(String key) {
    TestDevice device = devices.get(key);
    if (device == null) {
      throw new AssertionError("a command for " + key);
    }
    return device;
  }

  @Override
  public void close() {
    producer.close();
    heard.close();
    written.close();
  }

  private void release(String release, int counter) {
    ModelRelease message =
        ModelRelease.newBuilder()
            .setName(release.substring(0, release.indexOf(':')))
            .setVersion(release.substring(release.indexOf(':') + 1))
            .setCounter(counter)
            .addChips("ndp120")
            .setManifest(ByteString.copyFromUtf8(release))
            .setManifestDigest(TestFleet.digest(release))
            .setStatus(ReleaseStatus.APPROVED)
            .build();
    send(KafkaTopic.RELEASE, release, message, clock.instant());
  }

  private void send(KafkaTopic topic, TestDevice device, MessageLite message, Instant at) {
    send(topic, device.id.toString(), message, at);
  }

  private void send(KafkaTopic topic, String key, MessageLite message, Instant at) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(topic.topicName(), key, message.toByteArray());
    record
        .headers()
        .add(
            KafkaTopic.RECEIVED_MS_HEADER,
            Long.toString(at.toEpochMilli()).getBytes(StandardCharsets.US_ASCII));
    Future<RecordMetadata> _ = producer.send(record);
  }

  static KafkaConsumer<String, byte[]> consumer(
      String bootstrap, String isolation, List<TopicPartition> partitions) {
    Properties properties = KafkaSettings.consumer(bootstrap, "test-" + isolation);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }
}
