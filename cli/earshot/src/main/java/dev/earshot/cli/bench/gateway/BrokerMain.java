package dev.earshot.cli.bench.gateway;

import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.cli.bench.Answers;
import java.nio.file.Path;
import java.util.Map;

/**
 * Kafka in a process of its own. Nobody reads what is written to it, so it keeps little: a run
 * writes many gigabytes, and a disk that has to take them all would be what is measured.
 */
final class BrokerMain {
  private static final String SEGMENT_BYTES = Integer.toString(64 << 20);

  private BrokerMain() {}

  /** Arguments: the data folder. */
  public static void main(String[] args) {
    Map<String, String> settings =
        Map.of(
            "log.segment.bytes",
            SEGMENT_BYTES,
            "log.retention.bytes",
            SEGMENT_BYTES,
            "log.retention.check.interval.ms",
            "2000",
            "log.segment.delete.delay.ms",
            "1000");
    try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), 0, settings)) {
      Answers.give((what, words) -> broker.bootstrap());
    }
  }
}
