package dev.earshot.registry.stream;

import dev.earshot.protocol.KafkaTopic;
import dev.earshot.registry.release.Admission;
import dev.earshot.registry.release.LedgerUnavailableException;
import dev.earshot.registry.release.PublishedRelease;
import dev.earshot.registry.release.ReleaseCatalog;
import dev.earshot.registry.release.ReleaseLedger;
import dev.earshot.service.KafkaSettings;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The release topic as a ledger that several registries write to without contradicting each other.
 *
 * <p>All registries share one transactional id, so Kafka lets one write at a time: whoever takes
 * the id fences the one before. After taking it a registry first reads the topic to its end, then
 * decides, then writes in a transaction. A commit that succeeds proves that nobody else wrote
 * since; one that is fenced starts over, with what the other wrote in view. So a version is
 * published once and counters only grow, whatever the number of registries.
 *
 * <p>{@link #append} is serialised: publishing is rare, and correctness is worth more here than
 * speed.
 */
public final class KafkaReleaseLedger implements ReleaseLedger, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaReleaseLedger.class);
  private static final String TRANSACTIONAL_ID = "earshot-registry-releases";
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  /** Registries that fence each other on every attempt are told to come back later. */
  private static final int ATTEMPTS = 8;

  private final String bootstrap;
  private final String clientId;
  private final ReleaseReader reader;
  private @Nullable Producer<String, byte[]> writer;
  private long written;
  private boolean closed;

  private KafkaReleaseLedger(String bootstrap, String clientId) {
    this.bootstrap = bootstrap;
    this.clientId = clientId;
    this.reader = new ReleaseReader(bootstrap, clientId + "-reader");
  }

  /** Starts reading. The topic must exist. */
  public static KafkaReleaseLedger start(String bootstrap, String clientId) {
    KafkaReleaseLedger ledger = new KafkaReleaseLedger(bootstrap, clientId);
    ledger.reader.start();
    return ledger;
  }

  /**
   * Waits until everything that is there was read.
   *
   * @throws LedgerUnavailableException when that fails or takes more than a minute
   */
  public void awaitCaughtUp() {
    reach(0, START_TIMEOUT);
  }

  @Override
  public String problem() {
    return reader.problem();
  }

  @Override
  public ReleaseCatalog catalog() {
    return reader.catalog();
  }

  @Override
  public synchronized Admission append(PublishedRelease candidate) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        return tryAppend(candidate);
      } catch (KafkaException e) {
        dropWriter(Duration.ZERO);
        if (!fenced(e)) {
          throw new LedgerUnavailableException(
              "the release could not be recorded in Kafka: " + e.getMessage(), e);
        }
        LOG.info("Another registry wrote a release meanwhile; looking again (try {})", attempt);
      }
    }
    throw new LedgerUnavailableException(
        "other registries keep writing releases",
        new ProducerFencedException("fenced " + ATTEMPTS + " times"));
  }

  private Admission tryAppend(PublishedRelease candidate) {
    Producer<String, byte[]> producer = writer();
    Admission admission = reach(written, TIMEOUT).admit(candidate);
    if (admission instanceof Admission.Added) {
      written = write(producer, candidate) + 1;
      reach(written, TIMEOUT);
      LOG.info(
          "Release {} counter {} published, manifest {}",
          candidate.ref(),
          candidate.manifest().counter(),
          candidate.digest());
    }
    return admission;
  }

  /** Writes in a transaction of its own and returns the offset. */
  private static long write(Producer<String, byte[]> producer, PublishedRelease release) {
    producer.beginTransaction();
    var sent =
        producer.send(
            new ProducerRecord<>(
                KafkaTopic.RELEASE.topicName(),
                release.ref().toString(),
                release.message().toByteArray()));
    producer.commitTransaction();
    try {
      RecordMetadata metadata = sent.get();
      return metadata.offset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailableException("interrupted while publishing", e);
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

  private ReleaseCatalog reach(long offset, Duration timeout) {
    try {
      return reader.reach(offset).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailableException("interrupted while reading releases", e);
    } catch (ExecutionException e) {
      throw new LedgerUnavailableException(String.valueOf(e.getMessage()), e);
    } catch (TimeoutException e) {
      throw new LedgerUnavailableException(
          "the releases in Kafka at " + bootstrap + " could not be read within " + timeout, e);
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
