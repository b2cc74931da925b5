package dev.earshot.rollout.stream;

import dev.earshot.rollout.RolloutConfig;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running topology. It outlives what can be outlived: a stream thread that fails is replaced,
 * and when Kafka Streams gives up as a whole (it can't replace the thread of the global stores), it
 * is started again. An absent broker is waited for.
 */
public final class RolloutStreams implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RolloutStreams.class);
  private static final String APPLICATION = "earshot-rollout";
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);
  private static final Duration RESTART_AFTER = Duration.ofSeconds(1);

  /** A device hears a command this much later than it was decided, at most. */
  private static final int COMMIT_INTERVAL_MILLIS = 100;

  /** Without this much of a sign of life, others take over an instance's partitions. */
  private static final int SESSION_TIMEOUT_MILLIS = 6_000;

  /**
   * How long what a killed instance left open can hold up readers. A transaction is open for the
   * commit interval and one slice of a walk for each partition of its thread, 100 ms each: that is
   * below half of this up to 45 partitions a thread.
   */
  private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

  private static final int BATCH_BYTES = 128 << 10;

  private final Supplier<Topology> topology;
  private final Properties properties;
  private final Semaphore failures = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread keeper;
  private volatile KafkaStreams streams;

  private RolloutStreams(Supplier<Topology> topology, Properties properties) {
    this.topology = topology;
    this.properties = properties;
    this.streams = create();
    this.keeper = Thread.ofPlatform().daemon().name("rollout-streams-keeper").unstarted(this::keep);
  }

  /** Starts it; it works as soon as Kafka has given it its partitions. */
  public static RolloutStreams start(RolloutConfig config, TopologySettings settings) {
    return start(() -> RolloutTopology.build(settings), properties(config));
  }

  /**
   * Starts any topology in the same way; a topology serves one client only, the next needs its own.
   */
  public static RolloutStreams start(Supplier<Topology> topology, Properties properties) {
    RolloutStreams started = new RolloutStreams(topology, properties);
    started.streams.start();
    started.keeper.start();
    return started;
  }

  /** Why it does not work; empty when it does. */
  public String problem() {
    KafkaStreams.State state = streams.state();
    return state == KafkaStreams.State.RUNNING ? "" : "the topology is " + state;
  }

  @Override
  public void close() {
    closing.countDown();
    failures.release();
    try {
      keeper.join(CLOSE_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close(streams);
  }

  private KafkaStreams create() {
    KafkaStreams created = new KafkaStreams(topology.get(), properties);
    created.setUncaughtExceptionHandler(
        failure -> {
          LOG.error("a stream thread failed and is replaced", failure);
          return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    created.setStateListener(
        (now, before) -> {
          if (now == KafkaStreams.State.ERROR) {
            failures.release();
          }
        });
    return created;
  }

  /** Waits for the end of a client, and starts the next one. */
  private void keep() {
    try {
      failures.acquire();
      while (!closing.await(RESTART_AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("the topology has given up and is started again");
        close(streams);
        failures.drainPermits();
        try {
          KafkaStreams next = create();
          streams = next;
          next.start();
          failures.acquire();
        } catch (RuntimeException e) {
          LOG.error("the topology does not start; tries again", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(KafkaStreams streams) {
    if (!streams.close(CLOSE_WITHIN)) {
      LOG.warn("the topology did not close within {}", CLOSE_WITHIN);
    }
  }

  /** How Kafka Streams runs for that configuration. */
  public static Properties properties(RolloutConfig config) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.kafka());
    properties.put(StreamsConfig.CLIENT_ID_CONFIG, config.instance());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDirectory().toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL_MILLIS);
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, config.replication());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.class);
    // Static membership: after a kill the same instance takes over at once, without a rebalance.
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
        config.instance());
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
        SESSION_TIMEOUT_MILLIS);
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        TRANSACTION_TIMEOUT_MILLIS);
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    return properties;
  }
}
