package dev.earshot.registry.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.registry.release.PublishedRelease;
import dev.earshot.registry.release.ReleaseCatalog;
import dev.earshot.service.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the release topic from its beginning on a thread of its own and keeps the catalog. No
 * consumer group and no committed offsets: every registry reads everything, at every start. Public
 * methods may be called from any thread.
 */
final class ReleaseReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseReader.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration JOIN = Duration.ofSeconds(10);
  private static final TopicPartition PARTITION =
      new TopicPartition(KafkaTopic.RELEASE.topicName(), 0);

  private final Consumer<String, byte[]> consumer;
  private final Thread thread;
  private final Queue<Waiting> arriving = new ConcurrentLinkedQueue<>();
  private volatile ReleaseCatalog catalog = ReleaseCatalog.EMPTY;
  private volatile String problem = "has not read all releases yet";
  private volatile boolean closing;

  /** Touched by the reader's thread only. */
  private final List<Goal> goals = new ArrayList<>();

  private record Waiting(long atLeast, CompletableFuture<ReleaseCatalog> reached) {}

  private record Goal(long position, CompletableFuture<ReleaseCatalog> reached) {}

  ReleaseReader(String bootstrap, String clientId) {
    consumer =
        new KafkaConsumer<>(
            KafkaSettings.consumer(bootstrap, clientId),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    thread = Thread.ofPlatform().name("registry-releases").daemon(true).unstarted(this::run);
  }

  void start() {
    CompletableFuture<ReleaseCatalog> first = reach(0);
    thread.start();
    first.thenAccept(
        read -> {
          problem = "";
          LOG.info("{} releases read from {}", read.size(), PARTITION.topic());
        });
  }

  ReleaseCatalog catalog() {
    return catalog;
  }

  /** Why the catalog can't be relied on; empty when it can. */
  String problem() {
    return problem;
  }

  /**
   * Completes with the catalog once everything was read that is committed by now, and everything
   * before offset {@code atLeast}. Fails when the reader ends first.
   */
  CompletableFuture<ReleaseCatalog> reach(long atLeast) {
    CompletableFuture<ReleaseCatalog> reached = new CompletableFuture<>();
    arriving.add(new Waiting(atLeast, reached));
    consumer.wakeup();
    if (closing) {
      reached.completeExceptionally(new IllegalStateException("the registry is closing"));
    }
    return reached;
  }

  private void run() {
    try {
      while (!closing) {
        step();
      }
    } catch (RuntimeException e) {
      problem = "stopped reading releases: " + e.getMessage();
      LOG.error("Reading {} ended; restart the registry", PARTITION.topic(), e);
    } finally {
      closing = true;
      fail();
      consumer.close();
    }
  }

  private void step() {
    try {
      if (consumer.assignment().isEmpty()) {
        assign();
      }
      for (Waiting next = arriving.peek(); next != null; next = arriving.peek()) {
        long end = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
        goals.add(new Goal(Math.max(end, next.atLeast()), next.reached()));
        arriving.remove();
      }
      // Goals that are reached already must not wait for the next record.
      settle();
      consumer.poll(POLL).forEach(this::apply);
      settle();
    } catch (WakeupException e) {
      // Somebody asks, or closes: the loop looks at both.
      LOG.trace("woken");
    } catch (RetriableException e) {
      LOG.warn("Kafka does not answer; still trying to read releases: {}", e.getMessage());
    }
  }

  private void assign() {
    int partitions = consumer.partitionsFor(PARTITION.topic()).size();
    if (partitions != 1) {
      throw new IllegalStateException(
          "topic %s has %d partitions (expected: 1, releases are in one order)"
              .formatted(PARTITION.topic(), partitions));
    }
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
  }

  private void settle() {
    if (goals.isEmpty()) {
      return;
    }
    long position = consumer.position(PARTITION);
    for (Iterator<Goal> each = goals.iterator(); each.hasNext(); ) {
      Goal goal = each.next();
      if (position >= goal.position()) {
        each.remove();
        goal.reached().complete(catalog);
      }
    }
  }

  /** One bad record hides itself, not the others. */
  private void apply(ConsumerRecord<String, byte[]> record) {
    try {
      catalog =
          record.value() == null
              ? catalog.without(ReleaseRef.parse(record.key()))
              : catalog.with(PublishedRelease.of(ModelRelease.parseFrom(record.value())));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      LOG.error(
          "Release record {} at {} offset {} is not readable and is left out: {}",
          record.key(),
          PARTITION,
          record.offset(),
          e.getMessage());
    }
  }

  private void fail() {
    IllegalStateException ended =
        new IllegalStateException(problem.isEmpty() ? "the registry is closing" : problem);
    goals.forEach(goal -> goal.reached().completeExceptionally(ended));
    for (Waiting next = arriving.poll(); next != null; next = arriving.poll()) {
      next.reached().completeExceptionally(ended);
    }
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      if (thread.isAlive() && !thread.join(JOIN)) {
        LOG.warn("The release reader did not end within {}", JOIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
