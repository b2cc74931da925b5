package dev.earshot.cli.bench.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.earshot.protocol.KafkaTopic;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** The records of one measurement, sent by one thread. */
final class RawLoad {
  private static final long PAUSE_NANOS = 100_000;
  private static final long LONGEST_MICROS = 300_000_000;

  private final KafkaProducer<byte[], byte[]> producer;
  private final byte[][] keys;
  private final byte[][] values;
  private final Progress progress;
  private final boolean throttled;
  private final AtomicLong acknowledged = new AtomicLong(); // written by the producer's thread
  private final SingleWriterRecorder latency = new SingleWriterRecorder(1, LONGEST_MICROS, 3);
  private final Callback callback = (metadata, problem) -> completed(problem);
  private long sent;
  private long headerMillis;
  private byte[] header = {};
  private volatile @Nullable Thread waiting;
  private volatile long resumeAt = Long.MAX_VALUE;
  private volatile boolean over;
  private volatile @Nullable Exception failure;

  /**
   * Of as many devices as that.
   *
   * @param throttled whether to wait while the burner has not burnt what was acknowledged
   */
  RawLoad(
      KafkaProducer<byte[], byte[]> producer, int devices, Progress progress, boolean throttled) {
    this.producer = producer;
    this.progress = progress;
    this.throttled = throttled;
    keys = new byte[devices][];
    values = new byte[devices][];
    for (int i = 0; i < devices; i++) {
      keys[i] = Payloads.device(i).toString().getBytes(UTF_8);
      values[i] = Payloads.heartbeat(i);
    }
  }

  /** Records acknowledged so far. Any thread. */
  long acknowledged() throws IOException {
    Exception failed = failure;
    if (failed != null) {
      throw new IOException("the raw producer failed: " + failed, failed);
    }
    return acknowledged.get();
  }

  /** Latencies since the last call, in microseconds; paced load only. Any thread. */
  Histogram latency() {
    return latency.getIntervalHistogram();
  }

  /** Ends the load soon. Any thread. */
  void end() {
    over = true;
  }

  /**
   * Keeps that many records in flight. When the window is full it waits until a tenth of it is
   * free: to be woken for every record would cost more than the record.
   */
  void saturate(int window) {
    waiting = Thread.currentThread();
    long burntBefore = progress.burnt();
    progress.acknowledged(burntBefore);
    while (!over) {
      if (sent - acknowledged.get() >= window) {
        resumeAt = sent - window + Math.max(1, window / 10);
        while (!over && acknowledged.get() < resumeAt) {
          LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        resumeAt = Long.MAX_VALUE;
        progress.acknowledged(burntBefore + acknowledged.get());
        while (throttled && !over && sent - (progress.burnt() - burntBefore) >= window) {
          LockSupport.parkNanos(this, PAUSE_NANOS);
          progress.acknowledged(burntBefore + acknowledged.get());
        }
      }
      send(callback);
    }
  }

  /** Sends at a steady rate, whatever the answers do. */
  void pace(double perSecond) {
    double intervalNanos = 1e9 / perSecond;
    long beganNanos = System.nanoTime();
    while (!over) {
      long due = (long) ((System.nanoTime() - beganNanos) / intervalNanos);
      while (sent < due) {
        long intended = beganNanos + (long) (sent * intervalNanos);
        send(
            (metadata, problem) -> {
              latency.recordValue(
                  Math.clamp((System.nanoTime() - intended) / 1_000, 1, LONGEST_MICROS));
              completed(problem);
            });
      }
      LockSupport.parkNanos(this, PAUSE_NANOS);
    }
  }

  private void completed(@Nullable Exception problem) {
    if (problem != null) {
      failure = problem;
    }
    long count = acknowledged.get() + 1;
    acknowledged.lazySet(count);
    if (count == resumeAt) {
      LockSupport.unpark(waiting);
    }
  }

  private void send(Callback whenDone) {
    int device = (int) (sent++ % keys.length);
    RecordHeaders headers = new RecordHeaders();
    headers.add(new RecordHeader(KafkaTopic.RECEIVED_MS_HEADER, now()));
    var _ =
        producer.send(
            new ProducerRecord<>(
                KafkaTopic.HEARTBEAT.topicName(), null, keys[device], values[device], headers),
            whenDone);
  }

  private byte[] now() {
    long millis = System.currentTimeMillis();
    if (millis != headerMillis) {
      headerMillis = millis;
      header = Long.toString(millis).getBytes(US_ASCII);
    }
    return header;
  }
}
