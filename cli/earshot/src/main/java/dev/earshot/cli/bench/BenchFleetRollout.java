package dev.earshot.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.rollout.client.RolloutClient;
import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.measure.Measurements;
import dev.earshot.simulator.measure.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** A rollout to every device, in two stages, with real downloads. */
final class BenchFleetRollout {
  private static final Duration NO_PROGRESS = Duration.ofSeconds(90);

  /** Neither pace nor number of downloads nor gates hold it back: the system does. */
  private static final String PLAN =
      """
      release: hey-nova:1.1.0
      cohort: device.chip == "ndp120"
      stages:
        - {percent: 10, soak: 30d}
        - {percent: 100, soak: 30d}
      holdback_percent: 0
      offers: {per_minute: 900000000, max_per_minute: 900000000, max_downloads: 900000000}
      trial: 10s
      start: true
      """;

  private final FleetWatch watch;
  private final FleetSetup setup;
  private final int devices;
  private final BenchResult result;
  private final Consumer<String> progress;

  BenchFleetRollout(
      FleetWatch watch,
      FleetSetup setup,
      int devices,
      BenchResult result,
      Consumer<String> progress) {
    this.watch = watch;
    this.setup = setup;
    this.devices = devices;
    this.result = result;
    this.progress = progress;
  }

  void run() throws IOException, InterruptedException, BrokenFleet {
    try (RolloutClient rollouts =
        new RolloutClient(setup.endpoints().rollout(), setup.endpoints().token())) {
      progress.accept("rollout, stage 1: 10 %");
      FleetWatch.Moment before = watch.moment();
      String id = rollouts.create(PLAN, "bench-fleet").path("id").asText();
      // Whether a device is in a stage is drawn by its hash: about a tenth are.
      watch.await("stage 1", devices / 20, BenchFleetRollout::committed, NO_PROGRESS);
      awaitStep(rollouts, id, "soaking");
      FleetWatch.Moment first = watch.moment();
      result.put("rollout: stage 1, s (trial of 10 s in it)", first.seconds() - before.seconds());
      progress.accept("rollout, stage 2: everybody");
      promote(rollouts, id);
      watch.await("stage 2", devices, BenchFleetRollout::ended, NO_PROGRESS);
      FleetWatch.Moment second = watch.moment();
      double seconds = second.seconds() - first.seconds();
      long updated = committed(watch.report().stats());
      result.put("rollout: stage 2, s", seconds);
      result.put(
          "  updates, /s",
          (ended(second.report().stats()) - ended(first.report().stats())) / seconds);
      result.put("  devices updated, %", 100.0 * updated / devices);
      downloads(before, second, second.seconds() - before.seconds());
      result.put(
          "  processors busy: simulator", (second.simulator() - first.simulator()) / seconds);
      result.put("    gateways", (second.gateways() - first.gateways()) / seconds);
      result.put("    broker and services", (second.services() - first.services()) / seconds);
    }
  }

  private void downloads(FleetWatch.Moment from, FleetWatch.Moment to, double seconds) {
    Measurements during = to.report().measurements().since(from.report().measurements());
    Histogram time = during.time(Operation.DOWNLOAD);
    result.put("  files downloaded, /s", time.getTotalCount() / seconds);
    BenchFleetCase.percentiles(result, "  download", time);
    BenchFleetCase.percentiles(result, "  acknowledged in it", during.time(Operation.ACKNOWLEDGE));
  }

  private void awaitStep(RolloutClient rollouts, String id, String step)
      throws IOException, InterruptedException, BrokenFleet {
    long deadline = System.nanoTime() + NO_PROGRESS.toNanos();
    ObjectNode rollout = rollouts.get(id);
    while (!rollout.path("step").asText().equals(step)) {
      if (!rollout.path("state").asText().equals("running") || System.nanoTime() > deadline) {
        throw new BrokenFleet(
            "rollout: "
                + rollout.path("state").asText()
                + " "
                + rollout.path("step").asText()
                + " (expected: running, "
                + step
                + ")");
      }
      watch.check("rollout");
      Thread.sleep(Duration.ofMillis(200));
      rollout = rollouts.get(id);
    }
  }

  private static void promote(RolloutClient rollouts, String id)
      throws IOException, InterruptedException {
    long revision = rollouts.get(id).path("revision").asLong();
    var _ = rollouts.act(id, RolloutClient.Action.PROMOTE, revision, "bench", false);
  }

  private static long committed(FleetStats stats) {
    return stats.byUpdateState().getOrDefault("committed", 0L);
  }

  /** Updates that came to an end, good or bad. */
  private static long ended(FleetStats stats) {
    return committed(stats) + stats.byUpdateState().getOrDefault("failed", 0L);
  }
}
