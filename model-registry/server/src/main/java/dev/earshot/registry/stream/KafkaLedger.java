package dev.earshot.registry.stream;

import dev.earshot.registry.ledger.Change;
import dev.earshot.registry.ledger.LedgerUnavailableException;
import dev.earshot.registry.ledger.RegistryLedger;
import dev.earshot.registry.ledger.RegistryRecord;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.service.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The release topic and the registry topic as one ledger that several registries write to without
 * contradicting each other.
 *
 * <p>All registries share one transactional id, so Kafka lets one write at a time: whoever takes
 * the id fences the one before. After taking it a registry first reads the topics to their ends,
 * then decides, then writes in a transaction. A commit that succeeds proves that nobody else wrote
 * since; one that is fenced starts over, with what the other wrote in view. So a version is
 * published once and counters only grow, whatever the number of registries.
 *
 * <p>{@link #transact} is serialised: changes are rare, and correctness is worth more here than
 * speed.
 */
public final class KafkaLedger implements RegistryLedger, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaLedger.class);
  private static final String TRANSACTIONAL_ID = "earshot-registry-releases";
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  /** Registries that fence each other on every attempt are told to come back later. */
  private static final int ATTEMPTS = 8;

  private final String bootstrap;
  private final String clientId;
  private final LedgerReader reader;
  private @Nullable Producer<String, byte[]> writer;

  /** What this registry wrote lies before these offsets. */
  private final Map<TopicPartition, Long> written = new HashMap<>();

  private boolean closed;

  private KafkaLedger(String bootstrap, String clientId, RegistryState initial) {
    this.bootstrap = bootstrap;
    this.clientId = clientId;
    this.reader = new LedgerReader(bootstrap, clientId + "-reader", initial);
  }

  /**
   * Starts reading. The topics must exist.
   *
   * @param initial what is known before anything was read
   */
  public static KafkaLedger start(String bootstrap, String clientId, RegistryState initial) {
    KafkaLedger ledger = new KafkaLedger(bootstrap, clientId, initial);
    ledger.reader.start();
    return ledger;
  }

  /**
   * Waits until everything that is there was read.
   *
   * @throws LedgerUnavailableException when that fails or takes more than a minute
   */
  public void awaitCaughtUp() {
    var _ = reach(Map.of(), START_TIMEOUT);
  }

  @Override
  public String problem() {
    return reader.problem();
  }

  @Override
  public RegistryState state() {
    return reader.state();
  }

  @Override
  public synchronized <T> T transact(Function<RegistryState, Change<T>> decision) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        return tryOnce(decision);
      } catch (KafkaException e) {
        dropWriter(Duration.ZERO);
        if (!fenced(e)) {
          throw new LedgerUnavailableException(
              "it could not be recorded in Kafka: " + e.getMessage(), e);
        }
        LOG.info("Another registry wrote meanwhile; looking again (try {})", attempt);
      }
    }
    throw new LedgerUnavailableException(
        "other registries keep writing",
        new ProducerFencedException("fenced " + ATTEMPTS + " times"));
  }

  private <T> T tryOnce(Function<RegistryState, Change<T>> decision) {
    Producer<String, byte[]> producer = writer();
    Change<T> change = decision.apply(reach(written, TIMEOUT));
    if (!change.records().isEmpty()) {
      write(producer, change.records());
      var _ = reach(written, TIMEOUT);
    }
    return change.answer();
  }

  /** Writes in a transaction of its own. */
  private void write(Producer<String, byte[]> producer, List<RegistryRecord> records) {
    producer.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    records.forEach(record -> sent.add(producer.send(LedgerCodec.encode(record))));
    producer.commitTransaction();
    try {
      for (Future<RecordMetadata> each : sent) {
        RecordMetadata metadata = each.get();
        written.merge(
            new TopicPartition(metadata.topic(), metadata.partition()),
            metadata.offset() + 1,
            Math::max);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailableException("interrupted while writing", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e);
    }
  }

  private Producer<String, byte[]> writer() {
    if (closed) {
      throw new LedgerUnavailableException(
          "the registry is closing", new IllegalStateException("closed"));
    }
    Producer<String, byte[]> current = writer;
    if (current == null) {
      Properties properties = KafkaSettings.producer(bootstrap, clientId + "-writer");
      properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID);
      properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TIMEOUT.toMillis());
      properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT.toMillis());
      properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
      properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
      properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
      current = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
      writer = current;
      current.initTransactions();
    }
    return current;
  }

  private RegistryState reach(Map<TopicPartition, Long> offsets, Duration timeout) {
    try {
      return reader.reach(offsets).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailableException("interrupted while reading the ledger", e);
    } catch (ExecutionException e) {
      throw new LedgerUnavailableException(String.valueOf(e.getMessage()), e);
    } catch (TimeoutException e) {
      throw new LedgerUnavailableException(
          "the registry's topics in Kafka at " + bootstrap + " could not be read within " + timeout,
          e);
    }
  }

  private static boolean fenced(KafkaException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProducerFencedException
          || cause instanceof InvalidProducerEpochException) {
        return true;
      }
    }
    return false;
  }

  private void dropWriter(Duration timeout) {
    Producer<String, byte[]> current = writer;
    writer = null;
    if (current != null) {
      current.close(timeout);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      dropWriter(CLOSE_TIMEOUT);
    }
    reader.close();
  }
}
