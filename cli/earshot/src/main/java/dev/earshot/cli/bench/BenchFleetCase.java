package dev.earshot.cli.bench;

import dev.earshot.cli.up.MetricsPage;
import dev.earshot.simulator.FleetReport;
import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.measure.Measurements;
import dev.earshot.simulator.measure.Operation;
import dev.earshot.simulator.process.WorkerFleet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Measures one size of fleet: a broker of its own, gateways, devices, one rollout to all. */
final class BenchFleetCase {
  static final String LIMIT = "limit: heartbeats without devices, /s";
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration NO_PROGRESS = Duration.ofSeconds(60);
  private static final Duration QUIESCE = Duration.ofMinutes(2);
  private static final Duration SETTLE = Duration.ofSeconds(60);
  private static final double KIB = 1024;
  private static final double MIB = 1 << 20;
  private static final double MICROS_PER_MILLI = 1000;

  /**
   * What is measured.
   *
   * @param gateways processes
   * @param connectRate asked for, devices a second
   * @param interval of heartbeats
   * @param steady how long the steady load is measured
   * @param flood how long the limit is measured
   */
  record Size(
      int devices,
      int gateways,
      int connectRate,
      Duration interval,
      Duration steady,
      Duration flood) {}

  private final Size size;
  private final Path folder;
  private final Consumer<String> progress;
  private final BenchResult result = new BenchResult();
  private double limit = Double.NaN;

  BenchFleetCase(Size size, Path folder, Consumer<String> progress) {
    this.size = size;
    this.folder = folder;
    this.progress = progress;
  }

  /** What was measured, also when it ended early. */
  BenchResult result() {
    return result;
  }

  void run() throws IOException, InterruptedException, BrokenFleet {
    progress.accept("starting broker, services and " + size.gateways() + " gateways");
    try (FleetSetup setup = FleetSetup.start(folder, size.devices(), size.gateways())) {
      limit(setup);
      long kernelBefore = ProcessMeter.kernelBytes();
      progress.accept("connecting, " + size.connectRate() + " devices a second");
      try (WorkerFleet fleet = setup.fleet(size.devices(), size.connectRate(), size.interval())) {
        FleetWatch watch = new FleetWatch(fleet, setup);
        connect(watch);
        memory(watch, kernelBefore);
        steady(watch);
        new BenchFleetRollout(watch, setup, size.devices(), result, progress).run();
        end(watch, setup);
      }
    }
  }

  private void limit(FleetSetup setup) throws InterruptedException {
    progress.accept("how many heartbeats gateways and Kafka take at most");
    HeartbeatFlood flood = new HeartbeatFlood(setup.addresses());
    limit = flood.perSecond(WARM_UP, size.flood());
    result.put(LIMIT, limit);
    // What the services have not counted yet would be work in the next phase.
    awaitCounted(setup, HeartbeatFlood.FLEET, flood.acknowledged());
  }

  private void connect(FleetWatch watch) throws InterruptedException, BrokenFleet {
    FleetWatch.Moment began = watch.moment();
    watch.await("connected", size.devices(), FleetStats::connected, NO_PROGRESS);
    FleetWatch.Moment done = watch.moment();
    result.put("connects asked for, /s", (double) size.connectRate());
    result.put(
        "connects, /s",
        (size.devices() - began.report().stats().connected()) / (done.seconds() - began.seconds()));
    percentiles("  connect", watch.report().measurements(), Operation.CONNECT);
  }

  private void memory(FleetWatch watch, long kernelBefore) {
    double devices = size.devices();
    result.put(
        "memory: simulator, KiB a device", watch.simulator().residentBytes() / KIB / devices);
    result.put("  heap of it, garbage included", watch.report().use().heapBytes() / KIB / devices);
    result.put("  gateways, KiB a device", watch.gateways().residentBytes() / KIB / devices);
    result.put(
        "  kernel (slab), KiB a device",
        Math.max(0, ProcessMeter.kernelBytes() - kernelBefore) / KIB / devices);
    result.put("  broker and services, MiB", watch.services().residentBytes() / MIB);
    result.put("descriptors, most of a process", (double) watch.mostDescriptors());
  }

  private void steady(FleetWatch watch) throws InterruptedException, BrokenFleet {
    progress.accept("steady heartbeats, " + size.steady().toSeconds() + " s");
    FleetWatch.Moment before = watch.moment();
    TimeUnit.MILLISECONDS.sleep(size.steady().toMillis());
    FleetWatch.Moment after = watch.moment();
    watch.check("steady");
    double seconds = after.seconds() - before.seconds();
    double perSecond = (after.acknowledged() - before.acknowledged()) / seconds;
    result.put("heartbeats, /s", perSecond);
    result.put(
        "  of those due, %", 100 * perSecond * size.interval().toMillis() / 1000 / size.devices());
    result.put("  of the limit, %", 100 * perSecond / limit);
    percentiles(
        "  acknowledged",
        after.report().measurements().since(before.report().measurements()),
        Operation.ACKNOWLEDGE);
    result.put("processors busy: simulator", (after.simulator() - before.simulator()) / seconds);
    result.put("  gateways", (after.gateways() - before.gateways()) / seconds);
    result.put("  broker and services", (after.services() - before.services()) / seconds);
  }

  private void end(FleetWatch watch, FleetSetup setup) throws InterruptedException, BrokenFleet {
    progress.accept("coming to rest, and comparing what happened with what was counted");
    try {
      watch.fleet().quiesce(QUIESCE);
    } catch (TimeoutException e) {
      throw new BrokenFleet("coming to rest: " + e.getMessage());
    }
    FleetReport report = watch.report();
    long acknowledged = report.stats().heartbeatsAcknowledged();
    double counted = awaitCounted(setup, FleetSetup.FLEET, acknowledged);
    result.put("heartbeats acknowledged", (double) acknowledged);
    result.put("  not counted by monitoring", acknowledged - counted);
    result.put(
        "happened but not acknowledged, ms listening",
        (double) report.truth().unacknowledged().listeningMillis());
    result.put("connections lost", (double) report.stats().connectionsLost());
    result.put(
        "errors",
        (double) report.measurements().errors().values().stream().mapToLong(n -> n).sum());
  }

  /** What monitoring has counted of a fleet, when it is all or no more comes. */
  private static double awaitCounted(FleetSetup setup, String fleet, long expected)
      throws InterruptedException {
    long deadline = System.nanoTime() + SETTLE.toNanos();
    while (true) {
      double counted =
          MetricsPage.fetch(setup.endpoints().monitoring())
              .sum("earshot_fleet_heartbeats_total", labels -> fleet.equals(labels.get("fleet")));
      if (counted >= expected || System.nanoTime() > deadline) {
        return counted;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private void percentiles(String what, Measurements measurements, Operation operation) {
    percentiles(result, what, measurements.time(operation));
  }

  static void percentiles(BenchResult result, String what, Histogram time) {
    for (double percentile : List.of(50.0, 99.0, 99.9).stream().mapToDouble(p -> p).toArray()) {
      result.put(
          String.format(Locale.ROOT, "%s, p%s, ms", what, percentile).replace(".0,", ","),
          time.getTotalCount() == 0
              ? Double.NaN
              : time.getValueAtPercentile(percentile) / MICROS_PER_MILLI);
    }
  }
}
