package dev.earshot.gateway.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import dev.earshot.gateway.GatewayConfig;
import dev.earshot.gateway.message.Rejection;
import dev.earshot.gateway.metrics.GatewayMetrics;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.RejectedMessage;
import dev.earshot.protocol.v1.SessionEvent;
import dev.earshot.service.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that goes to Kafka goes through this one idempotent producer. Its methods never block
 * and are called on event loops; the caller bounds what is in flight below the producer's buffer.
 */
public final class Uplink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Uplink.class);
  private static final List<KafkaTopic> TOPICS =
      List.of(KafkaTopic.HEARTBEAT, KafkaTopic.STATUS, KafkaTopic.SESSION, KafkaTopic.REJECTED);
  private static final int BATCHES_BYTES = 16 << 20; // of all partitions of one topic
  private static final int SMALLEST_BATCH_BYTES = 16 << 10;
  private static final int LARGEST_BATCH_BYTES = 256 << 10;
  private static final Duration FIRST_METADATA_TIMEOUT = Duration.ofSeconds(30);

  private final KafkaProducer<byte[], byte[]> producer;
  private final GatewayMetrics metrics;
  private volatile Stamp stamp = Stamp.of(0);

  private Uplink(KafkaProducer<byte[], byte[]> producer, GatewayMetrics metrics) {
    this.producer = producer;
    this.metrics = metrics;
  }

  /** Connects; returns when the leaders of all topics are known, so that sending never waits. */
  public static Uplink open(GatewayConfig config, GatewayMetrics metrics) {
    ByteArraySerializer bytes = new ByteArraySerializer();
    Uplink uplink = new Uplink(new KafkaProducer<>(properties(config), bytes, bytes), metrics);
    try {
      TOPICS.forEach(topic -> uplink.awaitMetadata(topic.topicName(), config.kafka()));
      uplink.showProducer();
    } catch (RuntimeException e) {
      uplink.close();
      throw e;
    }
    return uplink;
  }

  private static Properties properties(GatewayConfig config) {
    Properties properties = KafkaSettings.producer(config.kafka(), config.instance() + "-uplink");
    long deliveryMillis = config.limits().deliveryTimeout().toMillis();
    int lingerMillis = 5;
    properties.put(ProducerConfig.LINGER_MS_CONFIG, lingerMillis);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(deliveryMillis));
    properties.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        Math.toIntExact(Math.min(10_000, deliveryMillis - lingerMillis)));
    // An event loop must never wait: with no room or no metadata the record fails at once.
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0L);
    // By default a producer that reaches no broker forgets all it knew and starts over from the
    // bootstrap servers: every message would fail at once, instead of waiting for Kafka's return.
    properties.put(
        CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, MetadataRecoveryStrategy.NONE.name);
    // A topic that is written rarely (dead letters) must not lose its metadata in between, or the
    // first record after a pause would fail.
    properties.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(3650).toMillis());
    int batchBytes = batchBytes(config.devicePartitions());
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, batchBytes);
    // Twice what flow control lets in, plus the half-filled batch that each partition may hold.
    long batches = (long) batchBytes * config.devicePartitions() * TOPICS.size();
    properties.put(
        ProducerConfig.BUFFER_MEMORY_CONFIG,
        2L * config.limits().maxInFlightBytes() + batches + (8L << 20));
    properties.put(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, 100L);
    properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000L);
    return properties;
  }

  /**
   * Large: the more of a device's messages are in one batch, the more are acknowledged by one
   * write, and come by one read. Smaller where there are so many partitions that their batches
   * would take the memory.
   */
  private static int batchBytes(int partitions) {
    return Math.clamp(BATCHES_BYTES / partitions, SMALLEST_BATCH_BYTES, LARGEST_BATCH_BYTES);
  }

  /** Shows what the producer measures of itself. */
  private void showProducer() {
    show(
        "kafka_request_seconds",
        "Kafka's answer to a request, average",
        "request-latency-avg",
        1e-3);
    show(
        "kafka_queue_seconds",
        "A record's wait for its batch, average",
        "record-queue-time-avg",
        1e-3);
    show(
        "kafka_buffer_available_bytes",
        "Of the producer's buffer, not in use",
        "buffer-available-bytes",
        1);
    show("kafka_record_errors", "Records that Kafka did not take, in all", "record-error-total", 1);
  }

  private void show(String gauge, String help, String metric, double unit) {
    producer
        .metrics()
        .forEach(
            (name, value) -> {
              if (name.group().equals("producer-metrics") && name.name().equals(metric)) {
                metrics.gauge(
                    gauge, help, () -> ((Number) value.metricValue()).doubleValue() * unit);
              }
            });
  }

  private void awaitMetadata(String topic, String kafka) {
    long deadlineNanos = System.nanoTime() + FIRST_METADATA_TIMEOUT.toNanos();
    while (true) {
      try {
        producer.partitionsFor(topic);
        return;
      } catch (TimeoutException e) {
        if (System.nanoTime() > deadlineNanos) {
          throw new IllegalStateException(
              "Kafka at " + kafka + " did not describe topic " + topic + " within 30 s", e);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    }
  }

  /** Sends a payload that is not forwarded to the dead letters, as it came. */
  public void reject(
      Rejection rejection,
      String source,
      byte[] key,
      byte[] payload,
      long receivedMillis,
      Delivery delivery) {
    RejectedMessage letter =
        RejectedMessage.newBuilder()
            .setPayload(ByteString.copyFrom(payload))
            .setReason(rejection.reason().label())
            .setDetail(rejection.detail())
            .setSource(source)
            .setAtMs(receivedMillis)
            .build();
    send(KafkaTopic.REJECTED, key, letter.toByteArray(), receivedMillis, delivery);
  }

  /** Sends what happened to a session. When Kafka does not take it, it is lost, and counted. */
  public void session(byte[] key, SessionEvent event) {
    metrics.sessionEvent(event.getKind());
    send(
        KafkaTopic.SESSION,
        key,
        event.toByteArray(),
        event.getAtMs(),
        new Delivery() {
          @Override
          public void done(@Nullable Exception failure) {
            if (failure != null) {
              metrics.sessionEventLost();
            }
          }
        });
  }

  /**
   * Sends a record.
   *
   * @param key {@code fleet/device}
   * @param receivedMillis when its cause reached the gateway, by the fleet's clock
   */
  public void send(
      KafkaTopic topic, byte[] key, byte[] value, long receivedMillis, Delivery delivery) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic.topicName(), null, key, value, stamp(receivedMillis).headers());
    try {
      var _ = producer.send(record, delivery);
    } catch (RuntimeException e) {
      // Closed, or failed for good: unlike a failed delivery this is thrown, not called back.
      LOG.warn("the producer refused a record for {}: {}", topic.topicName(), e.toString());
      delivery.done(e);
    }
  }

  /** The stamp of that millisecond; many messages come in one, and share it. */
  private Stamp stamp(long receivedMillis) {
    Stamp last = stamp;
    if (last.millis() != receivedMillis) {
      last = Stamp.of(receivedMillis);
      stamp = last;
    }
    return last;
  }

  /** The header of records that were received in one millisecond. */
  private record Stamp(long millis, List<Header> headers) {
    static Stamp of(long millis) {
      byte[] text = Long.toString(millis).getBytes(US_ASCII);
      return new Stamp(millis, List.of(new RecordHeader(KafkaTopic.RECEIVED_MS_HEADER, text)));
    }
  }

  /** Waits for what was sent, within the delivery timeout, and disconnects. */
  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
