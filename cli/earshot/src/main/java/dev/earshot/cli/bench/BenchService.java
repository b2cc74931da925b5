package dev.earshot.cli.bench;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.rollout.RolloutConfig;
import dev.earshot.rollout.StreamMetrics;
import dev.earshot.rollout.assignment.Orders;
import dev.earshot.rollout.director.Director;
import dev.earshot.rollout.operator.OperatorSettings;
import dev.earshot.rollout.stream.RolloutStreams;
import dev.earshot.rollout.stream.TopologySettings;
import io.prometheus.client.CollectorRegistry;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The process that is measured: the rollout's topology, or a peer. Says {@code running} on standard
 * output and then answers questions from standard input, one line each; ends with its input.
 */
final class BenchService {
  private final CollectorRegistry registry = new CollectorRegistry();

  private BenchService() {}

  /** Arguments: what to run, bootstrap servers, state directory, partitions, threads. */
  public static void main(String[] args) throws Exception {
    RolloutConfig config =
        new RolloutConfig(
            args[1],
            "localhost",
            0,
            "bench-0",
            Path.of(args[2]),
            Integer.parseInt(args[3]),
            1,
            Integer.parseInt(args[4]),
            URI.create("http://localhost:7081"),
            SigningKey.generate(),
            OperatorSettings.adminOnly(""),
            RolloutConfig.DEFAULT_TICK,
            RolloutConfig.DEFAULT_RESEND_AFTER);
    BenchService service = new BenchService();
    try (AutoCloseable running = service.start(BenchMode.valueOf(args[0]), config)) {
      Answers.give((what, words) -> service.answer(what));
    }
  }

  private AutoCloseable start(BenchMode mode, RolloutConfig config) throws InterruptedException {
    return switch (mode) {
      case ROLLOUT -> await(RolloutStreams.start(config, settings(config)));
      case STORE ->
          await(
              RolloutStreams.start(BenchPeers::storeTopology, BenchPeers.storeProperties(config)));
      case COPY -> BenchPeers.copy(config);
    };
  }

  private TopologySettings settings(RolloutConfig config) {
    return new TopologySettings(
        FleetClock.realTime(),
        config.partitions(),
        new Orders(config.registryUrl().toString(), Director.of(config.director())),
        config.tick(),
        config.resendAfter(),
        new StreamMetrics(registry));
  }

  private static RolloutStreams await(RolloutStreams streams) throws InterruptedException {
    while (!streams.problem().isEmpty()) {
      Thread.sleep(10);
    }
    return streams;
  }

  private String answer(String what) {
    return switch (what) {
      case "walks" -> walks();
      case "memory" -> memory();
      default -> "unknown question " + what;
    };
  }

  private String walks() {
    return String.format(
        Locale.ROOT,
        "%.0f %.3f",
        value("earshot_rollout_walked_devices_total"),
        value("earshot_rollout_walk_seconds_total"));
  }

  private double value(String metric) {
    Double value = registry.getSampleValue(metric);
    return value == null ? 0 : value;
  }

  /** Heap in use after a collection; resident set now and at its highest; bytes. */
  private static String memory() {
    ManagementFactory.getMemoryMXBean().gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long pid = ProcessHandle.current().pid();
    return heap + " " + ProcessMeter.residentBytes(pid) + " " + ProcessMeter.peakResidentBytes(pid);
  }
}
