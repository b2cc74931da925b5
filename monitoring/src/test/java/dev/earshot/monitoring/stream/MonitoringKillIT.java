package dev.earshot.monitoring.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.monitoring.health.WindowKey;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.protocol.v1.HealthWindow;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.service.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Monitoring as a process that is killed in the middle of what it does. */
final class MonitoringKillIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PARTITIONS = 4;
  private static final int DEVICES = 60;
  private static final int INTERVALS = 150;
  private static final int KILLS = 2;
  private static final int AT_ONCE = 60;
  private static final long SEED = 4;

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Instant now = Instant.now();
  private final Map<Long, long[]> truth = new TreeMap<>();
  private final Map<String, Double> highest = new HashMap<>();
  private int sent;

  @Test
  void killedWhileItCounts_countsEveryIntervalOnce_andNoCounterEverGoesDown() throws Exception {
    List<ProducerRecord<String, byte[]>> messages = messages();
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0)) {
      Topics.ensure(broker.bootstrap(), PARTITIONS, (short) 1, KafkaTopic.values());
      try (KafkaProducer<String, byte[]> producer = producer(broker.bootstrap());
          MonitoringProcess service =
              new MonitoringProcess(
                  broker.bootstrap(), directory, PARTITIONS, FleetClock.realTime())) {
        double all = truth.values().stream().mapToLong(sums -> sums[0]).sum();
        service.start();
        await("the service", service::isReady);
        for (int kill = 1; kill <= KILLS; kill++) {
          double some = all * (kill - random.nextDouble()) / (KILLS + 1);
          // Messages keep coming until the kill: it finds some read and not committed.
          await(
              some + " intervals",
              () -> {
                send(producer, messages, AT_ONCE);
                return counted(service) >= some;
              });
          service.kill();
          service.start();
        }
        send(producer, messages, messages.size());
        await("all intervals", () -> counted(service) >= all);
        assertEquals(all, counted(service));
        assertEquals(strings(truth), strings(answered(service)));
        await("all windows", () -> strings(published(broker.bootstrap())).equals(strings(truth)));
      }
    }
  }

  /** Heartbeats of all devices, some of them twice, none too far from its place. */
  private List<ProducerRecord<String, byte[]>> messages() {
    Map<Long, List<ProducerRecord<String, byte[]>>> byPlace = new TreeMap<>();
    for (int device = 0; device < DEVICES; device++) {
      for (int sequence = 0; sequence < INTERVALS; sequence++) {
        // The newest interval ended a minute ago; all ended within the grace.
        Instant ended = now.minusSeconds(60 + 120L * (INTERVALS - 1 - sequence));
        Heartbeat beat =
            Heartbeat.newBuilder()
                .setBootId(1)
                .setSequence(sequence)
                .setIntervalStartMs(ended.minusSeconds(120).toEpochMilli())
                .setIntervalMs(120_000)
                .setListeningMs(random.nextInt(120_000))
                .setFalseAccepts(random.nextInt(4))
                .setRelease("hey-nova:1.0.0")
                .setEnvironment(Environment.KITCHEN)
                .build();
        long[] sums =
            truth.computeIfAbsent(WindowKey.startOf(ended.toEpochMilli()), absent -> new long[2]);
        sums[0]++;
        sums[1] += beat.getFalseAccepts();
        int copies = random.nextInt(4) == 0 ? 2 : 1;
        for (int copy = 0; copy < copies; copy++) {
          byPlace
              .computeIfAbsent(sequence + random.nextLong(20), absent -> new ArrayList<>())
              .add(message("home/d" + device, beat));
        }
      }
    }
    return byPlace.values().stream().flatMap(List::stream).toList();
  }

  private ProducerRecord<String, byte[]> message(String device, Heartbeat beat) {
    ProducerRecord<String, byte[]> message =
        new ProducerRecord<>(KafkaTopic.HEARTBEAT.topicName(), device, beat.toByteArray());
    message
        .headers()
        .add(
            KafkaTopic.RECEIVED_MS_HEADER,
            Long.toString(now.toEpochMilli()).getBytes(StandardCharsets.US_ASCII));
    return message;
  }

  private void send(
      KafkaProducer<String, byte[]> producer,
      List<ProducerRecord<String, byte[]>> messages,
      int count) {
    int until = Math.min(messages.size(), sent + count);
    messages.subList(sent, until).forEach(producer::send);
    producer.flush();
    sent = until;
  }

  /** Intervals that the metrics show; also looks whether any counter has gone down. */
  private double counted(MonitoringProcess service) throws InterruptedException {
    double sum = 0;
    for (Map.Entry<String, Double> sample : service.metrics("earshot_fleet_").entrySet()) {
      String name = sample.getKey();
      if (name.contains("_total{")) {
        double before = highest.getOrDefault(name, 0.0);
        assertTrue(sample.getValue() >= before, () -> name + " went down from " + before);
        highest.put(name, sample.getValue());
      }
      if (name.startsWith("earshot_fleet_heartbeats_total{")) {
        sum += sample.getValue();
      }
    }
    return sum;
  }

  private Map<Long, long[]> answered(MonitoringProcess service) throws Exception {
    Map<Long, long[]> windows = new TreeMap<>();
    for (JsonNode point :
        service
            .json("/v1/health?step=PT5M&from=" + now.minus(Duration.ofHours(7)))
            .path("points")) {
      windows.put(
          Instant.parse(point.path("start").asText()).toEpochMilli(),
          new long[] {point.path("heartbeats").asLong(), point.path("falseAccepts").asLong()});
    }
    return windows;
  }

  /** What a reader of the topic knows: the newest committed record of each key. */
  private static Map<Long, long[]> published(String bootstrap) throws Exception {
    Map<String, HealthWindow> newest = new HashMap<>();
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    TopicPartition partition = new TopicPartition(KafkaTopic.FLEET_HEALTH.topicName(), 0);
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          newest.put(record.key(), HealthWindow.parseFrom(record.value()));
        }
      }
    }
    Map<Long, long[]> windows = new TreeMap<>();
    for (HealthWindow window : newest.values()) {
      HealthTotals totals = window.getTotals();
      long[] sums = windows.computeIfAbsent(window.getWindowStartMs(), absent -> new long[2]);
      sums[0] += totals.getHeartbeats();
      sums[1] += totals.getFalseAccepts();
    }
    return windows;
  }

  private static Map<Long, String> strings(Map<Long, long[]> windows) {
    Map<Long, String> strings = new TreeMap<>();
    windows.forEach((start, sums) -> strings.put(start, sums[0] + " with " + sums[1]));
    return strings;
  }

  private static KafkaProducer<String, byte[]> producer(String bootstrap) {
    Properties properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.call()) {
      assertTrue(Instant.now().isBefore(deadline), "waited too long for " + what);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
