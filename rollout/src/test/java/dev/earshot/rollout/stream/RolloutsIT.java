package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.rollout.RolloutConfig;
import dev.earshot.rollout.Rollouts;
import dev.earshot.rollout.client.RolloutClient;
import dev.earshot.rollout.client.RolloutClient.Action;
import dev.earshot.rollout.operator.OperatorSettings;
import dev.earshot.service.KafkaSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service on a real broker, from the operator's request to the device's command and back. */
final class RolloutsIT {
  private static final String TOKEN = "secret-of-the-test";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARTITIONS = 2;
  private static final int DEVICES = 30;
  private static final String PLAN =
      """
      release: hey-nova:1.1.0
      cohort: device.chip == "ndp120"
      stages: [{percent: 50, soak: 30d}]
      offers: {per_minute: 1000000}
      heard_within: 30d
      start: true
      """;

  @TempDir Path directory;
  private final Map<String, TestDevice> devices = new LinkedHashMap<>();

  @Test
  void rolloutSurvivesARestart_andTellsEachDeviceOnceThereAndOnceBack() throws Exception {
    FleetClock clock = FleetClock.startingAt(Instant.now(), 60, InstantSource.system());
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0)) {
      RolloutConfig config = config(broker.bootstrap());
      String id;
      try (Rollouts rollouts = Rollouts.start(config, clock);
          KafkaProducer<String, byte[]> producer = producer(broker)) {
        await("readiness", rollouts::isReady);
        release(producer, TestFleet.OLD, 1);
        release(producer, TestFleet.NEW, 2);
        announceFleet(producer);
        RolloutClient client = client(rollouts);
        id = create(client);
        assertEquals(id, create(client), "the same Idempotency-Key is the same rollout");
        preconditions(rollouts, id);
        follows(client, id);
        JsonNode preview = client.preview(PLAN.replace("start: true", "priority: 1"));
        assertEquals(DEVICES, preview.at("/who/known").asInt());
        assertEquals(1, client.list().size(), "a preview is no rollout");
      }
      try (Rollouts rollouts = Rollouts.start(config, clock);
          KafkaProducer<String, byte[]> producer = producer(broker);
          KafkaConsumer<String, byte[]> commands = commands(broker)) {
        RolloutClient client = client(rollouts);
        await("readiness", rollouts::isReady);
        assertEquals(id, client.create(PLAN, "one").path("id").asText(), "also after a restart");
        await(
            "all updates",
            () -> {
              obey(commands, producer);
              return rollouts.isReady() && settled(client.get(id));
            });
        JsonNode running = client.get(id);
        assertEquals("running", running.path("state").asText());
        assertEquals("soaking", running.path("step").asText());
        client.act(id, Action.ABORT, running.path("revision").asLong(), "enough", false);
        await(
            "the way back",
            () -> {
              obey(commands, producer);
              return client.get(id).path("state").asText().equals("rolled_back");
            });
        assertEquals(
            List.of("created", "started", "offers_done", "rollback_started", "rolled_back"),
            client.events(id).stream()
                .map(event -> event.path("kind").asText())
                .filter(kind -> !kind.equals("refused"))
                .toList());
      }
      long updated = devices.values().stream().filter(device -> !device.told.isEmpty()).count();
      assertTrue(updated > 5 && updated < DEVICES - 5, "treated: " + updated);
      devices.values().forEach(RolloutsIT::assertThereAndBack);
    }
  }

  private static void assertThereAndBack(TestDevice device) {
    assertEquals(TestFleet.OLD, device.active);
    List<String> ids = device.told.stream().map(DeviceCommand::getCommandId).distinct().toList();
    assertTrue(ids.isEmpty() || ids.size() == 2, "told: " + device.told);
  }

  private static boolean settled(JsonNode rollout) {
    return rollout.path("step").asText().equals("soaking")
        && rollout.path("devices").path("ok").asInt() > 0
        && rollout.path("devices").path("pending").asInt() == 0;
  }

  private String create(RolloutClient client) throws Exception {
    List<String> ids = new ArrayList<>();
    await(
        "the release in the service's view",
        () -> {
          try {
            ids.add(client.create(PLAN, "one").path("id").asText());
            return true;
          } catch (ProblemException e) {
            assertEquals("release", e.problem().errors().getFirst().field(), e.getMessage());
            return false;
          }
        });
    return ids.getFirst();
  }

  private static void preconditions(Rollouts rollouts, String id) throws Exception {
    assertEquals(428, pause(rollouts, id, null));
    assertEquals(412, pause(rollouts, id, "\"1\""));
    try (RolloutClient stranger =
        new RolloutClient(URI.create("http://localhost:" + rollouts.httpPort()), "guess")) {
      ProblemException refused = assertThrows(ProblemException.class, stranger::list);
      assertEquals(401, refused.problem().status());
    }
  }

  private static int pause(Rollouts rollouts, String id, @Nullable String tag) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://localhost:" + rollouts.httpPort() + "/v1/rollouts/" + id + "/pause"))
            .header("Authorization", "Bearer " + TOKEN)
            .POST(HttpRequest.BodyPublishers.noBody());
    if (tag != null) {
      request.header("If-Match", tag);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private static void follows(RolloutClient client, String id) throws Exception {
    List<String> kinds = new ArrayList<>();
    client.follow(
        id,
        event -> {
          kinds.add(event.kind());
          return !event.kind().equals("progress");
        });
    assertEquals("created", kinds.getFirst());
    assertTrue(kinds.contains("started"), kinds.toString());
  }

  private void announceFleet(KafkaProducer<String, byte[]> producer) {
    for (int i = 0; i < DEVICES; i++) {
      DeviceId id = new DeviceId("test", "device-" + i);
      TestDevice device = new TestDevice(id, TestFleet.OLD, Environment.CAR, 1);
      devices.put(id.toString(), device);
      send(producer, KafkaTopic.STATUS, id.toString(), device.status());
    }
    producer.flush();
  }

  private void obey(KafkaConsumer<String, byte[]> commands, KafkaProducer<String, byte[]> producer)
      throws Exception {
    for (ConsumerRecord<String, byte[]> record : commands.poll(Duration.ofMillis(100))) {
      TestDevice device = devices.get(record.key());
      assertTrue(device != null, "a command for " + record.key());
      for (DeviceStatus status : device.obey(DeviceCommand.parseFrom(record.value()))) {
        send(producer, KafkaTopic.STATUS, record.key(), status);
      }
    }
    producer.flush();
  }

  private RolloutConfig config(String bootstrap) {
    return new RolloutConfig(
        bootstrap,
        "localhost",
        0,
        "rollout-0",
        directory.resolve("state"),
        PARTITIONS,
        1,
        1,
        URI.create("http://localhost:7081"),
        TestDirector.TRUST.director(),
        OperatorSettings.adminOnly(TOKEN),
        Duration.ofMillis(100),
        Duration.ofSeconds(2));
  }

  private static RolloutClient client(Rollouts rollouts) {
    return new RolloutClient(URI.create("http://localhost:" + rollouts.httpPort()), TOKEN);
  }

  private static KafkaProducer<String, byte[]> producer(EmbeddedBroker broker) {
    return new KafkaProducer<>(
        KafkaSettings.producer(broker.bootstrap(), "test-devices"),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  private static KafkaConsumer<String, byte[]> commands(EmbeddedBroker broker) {
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            KafkaSettings.consumer(broker.bootstrap(), "test-commands"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      partitions.add(new TopicPartition(KafkaTopic.COMMAND.topicName(), i));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  private static void release(KafkaProducer<String, byte[]> producer, String release, int counter) {
    send(
        producer,
        KafkaTopic.RELEASE,
        release,
        ModelRelease.newBuilder()
            .setName(release.substring(0, release.indexOf(':')))
            .setVersion(release.substring(release.indexOf(':') + 1))
            .setCounter(counter)
            .addChips("ndp120")
            .setManifest(ByteString.copyFromUtf8(release))
            .setManifestDigest(TestFleet.digest(release))
            .setStatus(ReleaseStatus.APPROVED)
            .build());
  }

  private static void send(
      KafkaProducer<String, byte[]> producer, KafkaTopic topic, String key, MessageLite message) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(topic.topicName(), key, message.toByteArray());
    record
        .headers()
        .add(
            KafkaTopic.RECEIVED_MS_HEADER,
            Long.toString(Instant.now().toEpochMilli()).getBytes(StandardCharsets.US_ASCII));
    Future<RecordMetadata> _ = producer.send(record);
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.call()) {
      assertTrue(Instant.now().isBefore(deadline), "waited too long for " + what);
      Thread.onSpinWait();
    }
  }
}
