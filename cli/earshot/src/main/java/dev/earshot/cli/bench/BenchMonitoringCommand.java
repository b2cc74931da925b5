package dev.earshot.cli.bench;

import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.cli.Terminal;
import dev.earshot.cli.UserError;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.service.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures monitoring as a process of its own, against a real broker. */
@Command(
    name = "monitoring",
    mixinStandardHelpOptions = true,
    description = {
      "Measure monitoring with many devices, against a real broker on this machine.",
      "",
      "Folds the births and one heartbeat of every device, then asks for what Prometheus and",
      "people ask for. Run it with two numbers of devices to see what grows and what does not."
    })
public final class BenchMonitoringCommand implements Callable<Integer> {
  private static final int MIN_DEVICES = 1_000;
  private static final String CHANGELOGS = "earshot-monitoring-";
  private static final int REPEATS = 20;

  @Option(
      names = "--devices",
      defaultValue = "200000",
      paramLabel = "N",
      description = "Devices (default: ${DEFAULT-VALUE}).")
  private int devices;

  @Option(
      names = "--partitions",
      defaultValue = "4",
      paramLabel = "N",
      description = "Partitions of the device topics (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Option(
      names = "--heap",
      defaultValue = "512m",
      paramLabel = "SIZE",
      description = "Highest heap of the measured process (default: ${DEFAULT-VALUE}).")
  private String heap = "512m";

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireAtLeast("--devices", devices, MIN_DEVICES);
    requireAtLeast("--partitions", partitions, 1);
    Terminal terminal = Terminal.standard();
    terminal.line("%,d devices on %d partitions, heap %s".formatted(devices, partitions, heap));
    try (BenchFolder folder = BenchFolder.create();
        EmbeddedBroker broker = EmbeddedBroker.start(folder.path().resolve("kafka"), 0)) {
      Topics.ensure(broker.bootstrap(), partitions, (short) 1, KafkaTopic.values());
      try (BenchTraffic traffic = new BenchTraffic(broker.bootstrap())) {
        traffic.statuses(devices);
        traffic.heartbeats(devices);
      }
      try (BenchMonitoring service =
          BenchMonitoring.start(broker.bootstrap(), folder.path(), partitions, heap)) {
        measure(service, folder.path(), terminal);
      }
    }
    return 0;
  }

  private void measure(BenchMonitoring service, Path folder, Terminal terminal)
      throws IOException, InterruptedException {
    fold(service, terminal);
    terminal.line(row("a scrape, ms", millis(service, "/metrics")));
    terminal.line(row("a page of 100 devices, ms", millis(service, "/v1/devices?limit=100")));
    terminal.line(
        row("a page of 100 silent devices, ms", millis(service, "/v1/devices?silent=true")));
    terminal.line(row("resident set, MiB", service.use().residentBytes() / (double) (1 << 20)));
    Path state = folder.resolve("state");
    terminal.line(
        row("stores on disk, bytes per device", BenchFolder.bytes(state, "") / (double) devices));
    terminal.line(
        row(
            "changelog before compaction, bytes per device",
            BenchFolder.bytes(folder.resolve("kafka"), CHANGELOGS) / (double) devices));
  }

  /** From the first tenth of the heartbeats to the last one: births are read before. */
  private void fold(BenchMonitoring service, Terminal terminal)
      throws IOException, InterruptedException {
    long counted = 0;
    long from = 0;
    long began = 0;
    double processor = 0;
    while (counted < devices) {
      TimeUnit.MILLISECONDS.sleep(100);
      counted = service.heartbeats();
      if (from == 0 && counted >= devices / 10) {
        from = counted;
        began = System.nanoTime();
        processor = service.use().cpuSeconds();
      }
    }
    long folded = Math.max(1, counted - from);
    double seconds = (System.nanoTime() - began) / 1e9;
    terminal.line(row("heartbeats folded, /s", folded / seconds));
    terminal.line(
        row(
            "processor time for each, microseconds",
            (service.use().cpuSeconds() - processor) * 1e6 / folded));
  }

  private static double millis(BenchMonitoring service, String path)
      throws IOException, InterruptedException {
    service.get(path);
    long began = System.nanoTime();
    for (int i = 0; i < REPEATS; i++) {
      service.get(path);
    }
    return (System.nanoTime() - began) / 1e6 / REPEATS;
  }

  private static String row(String what, double value) {
    return "%-46s%14s".formatted(what, Terminal.number(value, value < 100 ? 1 : 0));
  }

  private static void requireAtLeast(String option, int value, int least) {
    if (value < least) {
      throw new UserError(option + ": " + value + " (expected: at least " + least + ")");
    }
  }
}
