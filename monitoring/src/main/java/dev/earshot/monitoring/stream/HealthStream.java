package dev.earshot.monitoring.stream;

import dev.earshot.monitoring.MonitoringConfig;
import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.health.PopulationKey;
import dev.earshot.monitoring.health.Totals;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.service.Topics;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running topology and what can be read from it. Reads see this instance's partitions only;
 * Prometheus adds instances up. Reads throw {@link NotReady} while partitions move.
 */
public final class HealthStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HealthStream.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

  private final KafkaStreams streams;

  private HealthStream(KafkaStreams streams) {
    this.streams = streams;
  }

  /** The stores can't be read at this moment; try again. */
  public static final class NotReady extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotReady(String state, Throwable cause) {
      super("the stream is " + state, cause);
    }
  }

  /** A device and what is known of it. */
  public record DeviceView(DeviceId id, DeviceHealth health) {}

  public static HealthStream start(MonitoringConfig config, CollectorRegistry registry) {
    Topics.ensure(
        config.kafka(),
        config.devicePartitions(),
        (short) config.replication(),
        KafkaTopic.values());
    KafkaStreams streams =
        new KafkaStreams(HealthTopology.build(new IntakeMetrics(registry)), properties(config));
    streams.setUncaughtExceptionHandler(
        failure -> {
          LOG.error("a stream thread died; starting another", failure);
          return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    streams.start();
    return new HealthStream(streams);
  }

  /** Empty when everything can be read, else why not. */
  public String problem() {
    KafkaStreams.State state = streams.state();
    return state == KafkaStreams.State.RUNNING ? "" : "stream is " + state;
  }

  /** The sums by label. */
  public Map<HealthKey, HealthTotals> totals() {
    Map<HealthKey, HealthTotals> sums = new HashMap<>();
    for (KeyValue<String, HealthTotals> entry : all(this.<HealthTotals>store(Stores.TOTALS))) {
      sums.merge(HealthKey.decode(entry.key), entry.value, Totals::plus);
    }
    return sums;
  }

  /** How many devices there are, by label. */
  public Map<PopulationKey, Long> population() {
    Map<PopulationKey, Long> counts = new HashMap<>();
    for (KeyValue<String, Long> entry : all(this.<Long>store(Stores.POPULATION))) {
      counts.merge(PopulationKey.decode(entry.key), entry.value, Long::sum);
    }
    return counts;
  }

  /**
   * At most {@code limit} devices whose {@code fleet/device} sorts after {@code after}, in that
   * order.
   */
  public List<DeviceView> devices(String after, int limit) {
    TreeMap<String, DeviceHealth> page = new TreeMap<>();
    try (KeyValueIterator<String, DeviceHealth> entries =
        this.<DeviceHealth>store(Stores.DEVICES).range(after.isEmpty() ? null : after, null)) {
      while (entries.hasNext()) {
        KeyValue<String, DeviceHealth> entry = entries.next();
        if (entry.key.compareTo(after) > 0) {
          page.put(entry.key, entry.value);
          if (page.size() > limit) {
            page.pollLastEntry();
          }
        }
      }
    }
    List<DeviceView> views = new ArrayList<>();
    page.forEach((key, health) -> views.add(new DeviceView(DeviceId.parse(key), health)));
    return views;
  }

  /** One device. */
  public Optional<DeviceHealth> device(DeviceId id) {
    return Optional.ofNullable(this.<DeviceHealth>store(Stores.DEVICES).get(id.toString()));
  }

  @Override
  public void close() {
    if (!streams.close(CLOSE_TIMEOUT)) {
      LOG.warn("the stream did not close within {}; its state is safe in Kafka", CLOSE_TIMEOUT);
    }
  }

  private <V> ReadOnlyKeyValueStore<String, V> store(String name) {
    try {
      return streams.store(
          StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.keyValueStore()));
    } catch (InvalidStateStoreException e) {
      throw new NotReady(streams.state().toString(), e);
    }
  }

  private static <V> List<KeyValue<String, V>> all(ReadOnlyKeyValueStore<String, V> store) {
    List<KeyValue<String, V>> entries = new ArrayList<>();
    try (KeyValueIterator<String, V> iterator = store.all()) {
      iterator.forEachRemaining(entries::add);
    }
    return entries;
  }

  private static Properties properties(MonitoringConfig config) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "earshot-monitoring");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.kafka());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDirectory().toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, config.replication());
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
    // Static membership: after a hard kill the same instance is back in seconds, without moving
    // partitions.
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
        config.instance());
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    return properties;
  }
}
