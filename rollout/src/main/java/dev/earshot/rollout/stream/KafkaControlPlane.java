package dev.earshot.rollout.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.service.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane, read from its topics from their beginning. One thread of its own reads and is
 * the only one that changes the copy.
 */
public final class KafkaControlPlane implements ControlPlane, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaControlPlane.class);
  private static final List<KafkaTopic> TOPICS =
      List.of(
          KafkaTopic.RELEASE,
          KafkaTopic.ROLLOUT_STATE,
          KafkaTopic.ROLLOUT_EVENT,
          KafkaTopic.ASSIGNMENT);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int CLOSE_WITHIN_SECONDS = 10;

  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> consumer;
  private final Duration answerWithin;
  private final Thread reader;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();

  private final ControlCopy copy = new ControlCopy();
  private final Map<String, CompletableFuture<RolloutEvent>> waiting = new ConcurrentHashMap<>();

  private KafkaControlPlane(String bootstrap, String instance, Duration answerWithin) {
    Properties toWrite = KafkaSettings.producer(bootstrap, instance + "-requests");
    toWrite.put(
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(answerWithin.toMillis()));
    toWrite.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(answerWithin.toMillis() / 2));
    toWrite.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(answerWithin.toMillis()));
    toWrite.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    producer = new KafkaProducer<>(toWrite, new StringSerializer(), new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(
            KafkaSettings.consumer(bootstrap, instance + "-view"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    this.answerWithin = answerWithin;
    reader = Thread.ofPlatform().name(instance + "-view").unstarted(this::read);
  }

  /**
   * Starts reading.
   *
   * @param answerWithin how long a request may wait for its answer
   */
  public static KafkaControlPlane start(String bootstrap, String instance, Duration answerWithin) {
    KafkaControlPlane plane = new KafkaControlPlane(bootstrap, instance, answerWithin);
    plane.reader.start();
    return plane;
  }

  /** Completes when everything that was there at the start has been read. */
  public CompletableFuture<Void> caughtUp() {
    return caughtUp;
  }

  @Override
  public String problem() {
    if (!reader.isAlive()) {
      return "the reader has ended";
    }
    return caughtUp.isDone() ? "" : "still reading what is there";
  }

  @Override
  public Collection<RolloutSnapshot> rollouts() {
    return copy.rollouts();
  }

  @Override
  public @Nullable RolloutSnapshot rollout(String id) {
    return copy.rollout(id);
  }

  @Override
  public List<Entry> events(String rollout, long after, int limit) {
    return copy.events(rollout, after, limit);
  }

  @Override
  public List<Entry> log(int from, int limit) {
    return copy.log(from, limit);
  }

  @Override
  public List<Assigned> assignments(
      String rollout, String after, int limit, Predicate<Assignment> condition) {
    return copy.assignments(rollout, after, limit, condition);
  }

  @Override
  public @Nullable Assigned assignment(String device) {
    return copy.assignment(device);
  }

  @Override
  public @Nullable ModelRelease release(String release) {
    return copy.release(release);
  }

  @Override
  public @Nullable RolloutEvent answered(String requestIdPrefix) {
    return copy.answered(requestIdPrefix);
  }

  @Override
  public CompletableFuture<RolloutEvent> submit(RolloutRequest request) {
    String id = request.getRequestId();
    CompletableFuture<RolloutEvent> answer = new CompletableFuture<>();
    CompletableFuture<RolloutEvent> earlier = waiting.putIfAbsent(id, answer);
    if (earlier != null) {
      return earlier.copy();
    }
    CompletableFuture<RolloutEvent> answered =
        answer
            .orTimeout(answerWithin.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((event, failure) -> waiting.remove(id));
    if (copy.answered(id) == null) {
      write(request, answer);
    }
    return answered;
  }

  private void write(RolloutRequest request, CompletableFuture<RolloutEvent> answer) {
    Future<RecordMetadata> _ =
        producer.send(
            new ProducerRecord<>(
                KafkaTopic.ROLLOUT_REQUEST.topicName(),
                request.getRollout(),
                request.toByteArray()),
            (metadata, failure) -> {
              if (failure != null) {
                answer.completeExceptionally(failure);
              }
            });
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    consumer.wakeup();
    try {
      reader.join(Duration.ofSeconds(CLOSE_WITHIN_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ofSeconds(CLOSE_WITHIN_SECONDS));
  }

  private void read() {
    try (consumer) {
      Map<TopicPartition, Long> ends = null;
      while (!closed.get()) {
        try {
          if (ends == null) {
            ends = begin();
          }
          consumer.poll(POLL).forEach(this::take);
          waiting.forEach(this::answer);
          if (!caughtUp.isDone() && isPast(ends)) {
            caughtUp.complete(null);
          }
        } catch (WakeupException e) {
          LOG.debug("the view is woken up to close");
        } catch (RuntimeException e) {
          LOG.warn("the view of the control plane can't read; tries again: {}", e.toString());
          pause();
        }
      }
    }
  }

  private Map<TopicPartition, Long> begin() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (KafkaTopic topic : TOPICS) {
      consumer
          .partitionsFor(topic.topicName())
          .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer.endOffsets(partitions);
  }

  private boolean isPast(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    try {
      copy.take(record);
    } catch (InvalidProtocolBufferException e) {
      LOG.error(
          "{} partition {} offset {} is damaged and left out",
          record.topic(),
          record.partition(),
          record.offset(),
          e);
    }
  }

  private void answer(String requestId, CompletableFuture<RolloutEvent> answer) {
    RolloutEvent event = copy.answered(requestId);
    if (event != null && copy.shows(event)) {
      answer.complete(event);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
