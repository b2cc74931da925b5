package dev.earshot.monitoring.stream;

import dev.earshot.monitoring.MonitoringConfig;
import dev.earshot.monitoring.health.FleetSnapshot;
import dev.earshot.monitoring.health.FleetView;
import dev.earshot.monitoring.health.SeriesBudget;
import dev.earshot.monitoring.health.WindowKey;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.service.Topics;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
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
 * Prometheus adds instances up.
 */
public final class HealthStream implements FleetView, AutoCloseable {
  /** How often counts are put up for readers. Longer than the commit interval: {@link Board}. */
  static final long TURN_MILLIS = 500;

  private static final Logger LOG = LoggerFactory.getLogger(HealthStream.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);
  private static final int COMMIT_MILLIS = 200;
  private static final long CACHE_BYTES = 32L << 20;
  private static final int BATCH_BYTES = 128 << 10;

  private final KafkaStreams streams;
  private final Boards boards;
  private final InstantSource clock;

  private HealthStream(KafkaStreams streams, Boards boards, InstantSource clock) {
    this.streams = streams;
    this.boards = boards;
    this.clock = clock;
  }

  /**
   * Starts it; {@link #problem()} says when it can be read.
   *
   * @param clock the fleet's
   */
  public static HealthStream start(
      MonitoringConfig config, InstantSource clock, CollectorRegistry registry) {
    Topics.ensure(
        config.kafka(),
        config.devicePartitions(),
        (short) config.replication(),
        KafkaTopic.values());
    Boards boards = new Boards();
    TopologySettings settings =
        new TopologySettings(
            clock,
            config.limits().grace(),
            config.limits().retention(),
            // Twice what is shown: what a partition folds is nothing that would be shown.
            new SeriesBudget(Math.min(SeriesBudget.HIGHEST, 2 * config.limits().series())),
            boards,
            new IntakeMetrics(registry));
    KafkaStreams streams = new KafkaStreams(HealthTopology.build(settings), properties(config));
    streams.setUncaughtExceptionHandler(
        failure -> {
          LOG.error("a stream thread died; starting another", failure);
          return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    registry.register(new LagCollector(streams));
    streams.start();
    return new HealthStream(streams, boards, clock);
  }

  @Override
  public String problem() {
    KafkaStreams.State state = streams.state();
    return state == KafkaStreams.State.RUNNING ? "" : "stream is " + state;
  }

  @Override
  public long nowMillis() {
    return clock.millis();
  }

  @Override
  public FleetSnapshot snapshot() {
    requireRunning();
    return boards.snapshot();
  }

  @Override
  public DevicePage devices(String after, int limit, DeviceFilter filter) {
    requireRunning();
    List<ReadOnlyKeyValueStore<String, DeviceHealth>> partitions = new ArrayList<>();
    for (int partition : boards.partitions()) {
      partitions.add(
          store(
              StoreQueryParameters.fromNameAndType(
                      Stores.DEVICES, QueryableStoreTypes.<String, DeviceHealth>keyValueStore())
                  .withPartition(partition)));
    }
    return read(() -> DevicePages.page(partitions, after, limit, filter, nowMillis()));
  }

  @Override
  public Optional<DeviceHistory> device(DeviceId id) {
    ReadOnlyKeyValueStore<String, DeviceHealth> devices = store(Stores.DEVICES);
    ReadOnlyKeyValueStore<String, byte[]> recent = store(Stores.RECENT);
    return read(
        () ->
            Optional.ofNullable(devices.get(id.toString()))
                .map(health -> RecentBook.history(recent, id, health)));
  }

  @Override
  public void windows(long fromMillis, long toMillis, BiConsumer<WindowKey, HealthTotals> reader) {
    ReadOnlyKeyValueStore<String, HealthTotals> store = store(Stores.WINDOWS);
    String from = WindowKey.lowest(fromMillis);
    String to = WindowKey.lowest(toMillis);
    read(
        () -> {
          try (KeyValueIterator<String, HealthTotals> windows = store.range(from, to)) {
            while (windows.hasNext()) {
              KeyValue<String, HealthTotals> entry = windows.next();
              reader.accept(WindowKey.decode(entry.key), entry.value);
            }
          }
          return to;
        });
  }

  @Override
  public void close() {
    if (!streams.close(CLOSE_TIMEOUT)) {
      LOG.warn("the stream did not close within {}; its state is safe in Kafka", CLOSE_TIMEOUT);
    }
  }

  private void requireRunning() {
    String problem = problem();
    if (!problem.isEmpty()) {
      throw new NotReady(problem, null);
    }
  }

  private <V> ReadOnlyKeyValueStore<String, V> store(String name) {
    return store(StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.keyValueStore()));
  }

  private <V> ReadOnlyKeyValueStore<String, V> store(
      StoreQueryParameters<ReadOnlyKeyValueStore<String, V>> query) {
    return read(() -> streams.store(query));
  }

  /** Partitions may move at any time, also while a store is being read. */
  private <T> T read(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (InvalidStateStoreException e) {
      throw new NotReady("the stream is " + streams.state(), e);
    }
  }

  private static Properties properties(MonitoringConfig config) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "earshot-monitoring");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.kafka());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDirectory().toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, config.replication());
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_MILLIS);
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.class);
    // Static membership: after a hard kill the same instance is back in seconds, without moving
    // partitions.
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
        config.instance());
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    return properties;
  }
}
