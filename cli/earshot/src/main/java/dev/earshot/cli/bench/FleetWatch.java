package dev.earshot.cli.bench;

import dev.earshot.simulator.FleetReport;
import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.process.WorkerFleet;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** Watches a fleet and all processes that serve it. */
final class FleetWatch {
  private static final long POLL_MILLIS = 200;

  private final WorkerFleet fleet;
  private final FleetSetup setup;
  private final ProcessMeter simulator;
  private final ProcessMeter gateways;
  private final ProcessMeter services = new ProcessMeter(List.of(ProcessHandle.current().pid()));

  /**
   * A moment to compare another with; processor seconds since each process' start.
   *
   * @param seconds of the machine's clock, from any origin
   */
  record Moment(
      double seconds, FleetReport report, double simulator, double gateways, double services) {
    long acknowledged() {
      return report.stats().heartbeatsAcknowledged();
    }
  }

  FleetWatch(WorkerFleet fleet, FleetSetup setup) {
    this.fleet = fleet;
    this.setup = setup;
    this.simulator = new ProcessMeter(fleet.processIds());
    this.gateways = new ProcessMeter(setup.gateways().stream().map(GatewayProcess::pid).toList());
  }

  WorkerFleet fleet() {
    return fleet;
  }

  FleetReport report() {
    return fleet.report();
  }

  Moment moment() {
    return new Moment(
        System.nanoTime() / 1e9,
        report(),
        simulator.read().cpuSeconds(),
        gateways.read().cpuSeconds(),
        services.read().cpuSeconds());
  }

  ProcessMeter.Use simulator() {
    return simulator.read();
  }

  ProcessMeter.Use gateways() {
    return gateways.read();
  }

  ProcessMeter.Use services() {
    return services.read();
  }

  long mostDescriptors() {
    return Math.max(
        services.read().mostDescriptors(),
        Math.max(gateways.read().mostDescriptors(), simulator.read().mostDescriptors()));
  }

  /** Fails when a process has died. */
  void check(String what) throws BrokenFleet {
    Optional<String> problem = fleet.problem();
    if (problem.isPresent()) {
      throw new BrokenFleet(what + ": " + problem.get());
    }
    for (GatewayProcess gateway : setup.gateways()) {
      if (!gateway.isAlive()) {
        throw new BrokenFleet(what + ": a gateway has ended");
      }
    }
  }

  /** Waits until that many are counted, as long as the count grows. */
  void await(String what, long wanted, ToLongFunction<FleetStats> count, Duration noProgress)
      throws InterruptedException, BrokenFleet {
    Moment began = moment();
    long best = -1;
    long bestAt = System.nanoTime();
    while (true) {
      long now = count.applyAsLong(report().stats());
      if (now >= wanted) {
        return;
      }
      check(what);
      if (now > best) {
        best = now;
        bestAt = System.nanoTime();
      } else if (System.nanoTime() - bestAt > noProgress.toNanos()) {
        throw BrokenFleet.diagnose(
            String.format(
                Locale.ROOT,
                "%s: %,d of %,d, and none more in %d s",
                what,
                best,
                wanted,
                noProgress.toSeconds()),
            report(),
            setup,
            busy(began));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private double busy(Moment since) {
    Moment now = moment();
    return (now.simulator()
            + now.gateways()
            + now.services()
            - since.simulator()
            - since.gateways()
            - since.services())
        / (now.seconds() - since.seconds());
  }
}
