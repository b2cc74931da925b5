package dev.earshot.registry.stream;

import dev.earshot.protocol.KafkaTopic;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.service.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the release topic and the registry topic from their beginnings on a thread of its own and
 * keeps the state. No consumer group and no committed offsets: every registry reads everything, at
 * every start. A state shows whole batches as Kafka delivers them; of records that were written
 * together the later ones may show a moment later, except to who asked by {@link #reach}. Public
 * methods may be called from any thread.
 */
final class LedgerReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerReader.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration JOIN = Duration.ofSeconds(10);
  private static final List<TopicPartition> PARTITIONS =
      List.of(
          new TopicPartition(KafkaTopic.RELEASE.topicName(), 0),
          new TopicPartition(KafkaTopic.REGISTRY.topicName(), 0));

  private final Consumer<String, byte[]> consumer;
  private final Thread thread;
  private final Queue<Waiting> arriving = new ConcurrentLinkedQueue<>();
  private volatile RegistryState state;
  private volatile String problem = "has not read all of its topics yet";
  private volatile boolean closing;

  /** Touched by the reader's thread only. */
  private final List<Goal> goals = new ArrayList<>();

  private record Waiting(
      Map<TopicPartition, Long> atLeast, CompletableFuture<RegistryState> reached) {}

  private record Goal(
      Map<TopicPartition, Long> positions, CompletableFuture<RegistryState> reached) {}

  LedgerReader(String bootstrap, String clientId, RegistryState initial) {
    state = initial;
    consumer =
        new KafkaConsumer<>(
            KafkaSettings.consumer(bootstrap, clientId),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    thread = Thread.ofPlatform().name("registry-ledger").daemon(true).unstarted(this::run);
  }

  void start() {
    CompletableFuture<RegistryState> first = reach(Map.of());
    thread.start();
    first.thenAccept(
        read -> {
          problem = "";
          LOG.info("{} releases read", read.catalog().size());
        });
  }

  RegistryState state() {
    return state;
  }

  /** Why the state can't be relied on; empty when it can. */
  String problem() {
    return problem;
  }

  /**
   * Completes with the state once everything was read that is committed by now, and everything
   * before the offsets {@code atLeast}. Fails when the reader ends first.
   */
  CompletableFuture<RegistryState> reach(Map<TopicPartition, Long> atLeast) {
    CompletableFuture<RegistryState> reached = new CompletableFuture<>();
    arriving.add(new Waiting(Map.copyOf(atLeast), reached));
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
      problem = "stopped reading its topics: " + e.getMessage();
      LOG.error("Reading {} ended; restart the registry", PARTITIONS, e);
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
        Map<TopicPartition, Long> positions = new HashMap<>(consumer.endOffsets(PARTITIONS));
        next.atLeast()
            .forEach((partition, offset) -> positions.merge(partition, offset, Math::max));
        goals.add(new Goal(positions, next.reached()));
        arriving.remove();
      }
      // Goals that are reached already must not wait for the next record.
      settle();
      apply(consumer.poll(POLL));
      settle();
    } catch (WakeupException e) {
      // Somebody asks, or closes: the loop looks at both.
      LOG.trace("woken");
    } catch (RetriableException e) {
      LOG.warn("Kafka does not answer; still trying to read: {}", e.getMessage());
    }
  }

  private void assign() {
    for (TopicPartition each : PARTITIONS) {
      int partitions = consumer.partitionsFor(each.topic()).size();
      if (partitions != 1) {
        throw new IllegalStateException(
            "topic %s has %d partitions (expected: 1, its records are in one order)"
                .formatted(each.topic(), partitions));
      }
    }
    consumer.assign(PARTITIONS);
    consumer.seekToBeginning(PARTITIONS);
  }

  private void settle() {
    if (goals.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> positions = new HashMap<>();
    PARTITIONS.forEach(each -> positions.put(each, consumer.position(each)));
    for (Iterator<Goal> each = goals.iterator(); each.hasNext(); ) {
      Goal goal = each.next();
      if (PARTITIONS.stream()
          .allMatch(
              at -> positions.getOrDefault(at, 0L) >= goal.positions().getOrDefault(at, 0L))) {
        each.remove();
        goal.reached().complete(state);
      }
    }
  }

  private void apply(ConsumerRecords<String, byte[]> records) {
    RegistryState next = state;
    for (ConsumerRecord<String, byte[]> record : records) {
      next = apply(next, record);
    }
    state = next;
  }

  /** One bad record hides itself, not the others. */
  private static RegistryState apply(RegistryState before, ConsumerRecord<String, byte[]> record) {
    try {
      return LedgerCodec.apply(before, record);
    } catch (IllegalArgumentException e) {
      LOG.error(
          "Record {} in {} at offset {} is not readable and is left out: {}",
          record.key(),
          record.topic(),
          record.offset(),
          e.getMessage());
      return before;
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
        LOG.warn("The ledger's reader did not end within {}", JOIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
