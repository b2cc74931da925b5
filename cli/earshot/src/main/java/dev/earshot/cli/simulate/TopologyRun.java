package dev.earshot.cli.simulate;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.earshot.cli.UserError;
import dev.earshot.protocol.KafkaTopic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * A service's topology on virtual time, by Kafka's driver: each record is processed to its end
 * before the next is taken in. What is left of it goes with {@link #close()}. Used by one thread.
 */
final class TopologyRun implements AutoCloseable {
  private final InstantSource clock;
  private final Path directory;
  private final TopologyTestDriver driver;
  private final Map<KafkaTopic, TestInputTopic<String, byte[]>> inputs =
      new EnumMap<>(KafkaTopic.class);
  private final Map<KafkaTopic, TestOutputTopic<String, byte[]>> outputs =
      new EnumMap<>(KafkaTopic.class);
  private Instant looked;

  /**
   * @param name of the application
   * @param clock virtual; record times and looks come from it
   */
  TopologyRun(String name, Topology topology, InstantSource clock) {
    this.clock = clock;
    this.looked = clock.instant();
    try {
      this.directory = Files.createTempDirectory("earshot-" + name);
    } catch (IOException e) {
      throw new UserError("no temporary folder for " + name + ": " + e.getMessage(), e);
    }
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, name);
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    this.driver = new TopologyTestDriver(topology, properties, looked);
  }

  /** Takes in a record of that moment. */
  void send(KafkaTopic topic, String key, byte[] value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(
        KafkaTopic.RECEIVED_MS_HEADER,
        Long.toString(clock.millis()).getBytes(StandardCharsets.US_ASCII));
    inputs
        .computeIfAbsent(topic, this::input)
        .pipeInput(new TestRecord<>(key, value, headers, clock.instant()));
  }

  /** Lets the topology look at the clock, once, however long it has not. */
  void look() {
    Instant now = clock.instant();
    driver.advanceWallClockTime(Duration.between(looked, now));
    looked = now;
  }

  /** Hands over what was written to that topic since the last time; null where it was deleted. */
  <T extends MessageLite> void drain(
      KafkaTopic topic, Parser<T> parser, BiConsumer<String, @Nullable T> to) {
    TestOutputTopic<String, byte[]> output = outputs.computeIfAbsent(topic, this::output);
    while (!output.isEmpty()) {
      TestRecord<String, byte[]> record = output.readRecord();
      byte[] value = record.value();
      try {
        to.accept(record.key(), value == null ? null : parser.parseFrom(value));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("a message in " + topic.topicName() + " is damaged", e);
      }
    }
  }

  /** Lets its own machine time pass, beyond the clock's: for what it does in rests. */
  void pass(Duration duration) {
    driver.advanceWallClockTime(duration);
    looked = looked.plus(duration);
  }

  /** A store of the topology. */
  <V> KeyValueStore<String, V> store(String name) {
    return driver.getKeyValueStore(name);
  }

  @Override
  public void close() {
    driver.close();
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UserError("can't delete " + directory + ": " + e.getMessage(), e);
    }
  }

  private TestInputTopic<String, byte[]> input(KafkaTopic topic) {
    return driver.createInputTopic(
        topic.topicName(), new StringSerializer(), new ByteArraySerializer());
  }

  private TestOutputTopic<String, byte[]> output(KafkaTopic topic) {
    return driver.createOutputTopic(
        topic.topicName(), new StringDeserializer(), new ByteArrayDeserializer());
  }
}
