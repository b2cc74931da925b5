package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.Answers;
import dev.earshot.service.KafkaSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The peer: a Kafka producer alone, with the gateway's durability, that sends the records a gateway
 * would send. Questions: {@code saturate KEYS WINDOW}, {@code throttle KEYS WINDOW} (waits for the
 * burner), {@code pace KEYS PER_SECOND}, {@code count}, {@code latency}, {@code stop}.
 */
final class RawMain {
  private final KafkaProducer<byte[], byte[]> producer;
  private final Progress progress;
  private @Nullable RawLoad load;
  private @Nullable Thread thread;

  private RawMain(KafkaProducer<byte[], byte[]> producer, Progress progress) {
    this.producer = producer;
    this.progress = progress;
  }

  /**
   * Arguments: bootstrap servers, the file of the {@link Progress}, linger in milliseconds, bytes
   * of a batch.
   */
  public static void main(String[] args) throws Exception {
    Properties properties = KafkaSettings.producer(args[0], "bench-raw");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, args[2]);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, args[3]);
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties, bytes, bytes)) {
      Answers.give(new RawMain(producer, Progress.open(Path.of(args[1])))::answer);
    }
  }

  private String answer(String what, List<String> words) throws Exception {
    return switch (what) {
      case "saturate" -> start(words, Integer.parseInt(words.get(1)), 0, false);
      case "throttle" -> start(words, Integer.parseInt(words.get(1)), 0, true);
      case "pace" -> start(words, 0, Double.parseDouble(words.get(1)), false);
      case "count" -> running().acknowledged() + " " + System.nanoTime();
      case "latency" -> Latency.of(running().latency()).words();
      case "stop" -> stop();
      default -> throw new IOException("unknown question " + what);
    };
  }

  private RawLoad running() throws IOException {
    if (load == null) {
      throw new IOException("no load was started");
    }
    return load;
  }

  private String start(List<String> words, int window, double perSecond, boolean throttled) {
    RawLoad started =
        new RawLoad(producer, Integer.parseInt(words.getFirst()), progress, throttled);
    load = started;
    thread =
        new Thread(
            () -> {
              if (perSecond > 0) {
                started.pace(perSecond);
              } else {
                started.saturate(window);
              }
            },
            "raw");
    thread.start();
    return "started";
  }

  private String stop() throws Exception {
    running().end();
    if (thread != null) {
      thread.join();
    }
    producer.flush();
    running().acknowledged(); // fails when the load failed
    load = null;
    return "stopped";
  }
}
