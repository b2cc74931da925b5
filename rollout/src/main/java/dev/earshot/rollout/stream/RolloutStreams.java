package dev.earshot.rollout.stream;

import dev.earshot.rollout.RolloutConfig;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running topology. */
public final class RolloutStreams implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RolloutStreams.class);
  private static final String APPLICATION = "earshot-rollout";
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);
  private static final int COMMIT_INTERVAL_MILLIS = 100;
  private static final int SESSION_TIMEOUT_MILLIS = 6_000;
  private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

  private final KafkaStreams streams;

  private RolloutStreams(KafkaStreams streams) {
    this.streams = streams;
  }

  /** Starts it; it works as soon as Kafka has given it its partitions. */
  public static RolloutStreams start(RolloutConfig config, TopologySettings settings) {
    KafkaStreams streams = new KafkaStreams(RolloutTopology.build(settings), properties(config));
    streams.setUncaughtExceptionHandler(
        failure -> {
          LOG.error("a stream thread failed and is replaced", failure);
          return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    streams.start();
    return new RolloutStreams(streams);
  }

  /** Why it does not work; empty when it does. */
  public String problem() {
    KafkaStreams.State state = streams.state();
    return state == KafkaStreams.State.RUNNING ? "" : "the topology is " + state;
  }

  @Override
  public void close() {
    if (!streams.close(CLOSE_WITHIN)) {
      LOG.warn("the topology did not close within {}", CLOSE_WITHIN);
    }
  }

  private static Properties properties(RolloutConfig config) {
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
    // Static membership: after a kill the same instance takes over at once, without a rebalance.
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
        config.instance());
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
        SESSION_TIMEOUT_MILLIS);
    properties.put(
        StreamsConfig.producerPrefix("transaction.timeout.ms"), TRANSACTION_TIMEOUT_MILLIS);
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    return properties;
  }
}
