package dev.earshot.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.cli.Connection;
import dev.earshot.cli.Terminal;
import dev.earshot.cli.rollout.RolloutView;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.release.ReleaseView;
import dev.earshot.rollout.client.RolloutClient;
import dev.earshot.simulator.FleetSimulator;
import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.SimulatorConfig;
import dev.earshot.simulator.device.GatewayAddress;
import dev.earshot.simulator.scenario.Scenario;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The demonstration: a fleet on its first release, a better one that passes, a worse one that comes
 * back. Each step looks at what the services say, never at what the simulator knows, so that a
 * second run on the same data continues the story.
 */
final class Story {
  private static final String NAME = "hey-nova";
  private static final ReleaseRef BASELINE = new ReleaseRef(NAME, "1.0.0");
  private static final ReleaseRef BETTER = new ReleaseRef(NAME, "1.1.0");
  private static final ReleaseRef WORSE = new ReleaseRef(NAME, "1.2.0");
  private static final String PLAN =
      """
      cohort: device.chip == "ndp120"
      stages:
        - {percent: 40, soak: 1h, margin: 1.5}
        - {percent: 70, soak: 1h, margin: 1.35}
        - {percent: 100, soak: 2h, margin: 1.25}
      holdback_percent: 5
      offers: {per_minute: 20}
      trial: 20m
      start: true
      """;

  /** Listening hours of a device that are wanted as history before the first rollout. */
  private static final double HISTORY_HOURS = 3;

  private static final long TICK_MILLIS = 400;
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Path data;
  private final Terminal terminal;
  private final Connection.Endpoints endpoints;
  private final LocalTrust trust;
  private final FleetClock clock;
  private final int devices;
  private final long seed;
  private final int metricsPort;
  private final CountDownLatch stop;

  /**
   * The fleet that the story is about.
   *
   * @param devices how many; 0: none
   * @param seed of its world
   * @param metricsPort where it says what really happened; 0: any free one
   */
  record Fleet(int devices, long seed, int metricsPort) {}

  Story(
      Path data,
      Terminal terminal,
      Connection.Endpoints endpoints,
      LocalTrust trust,
      FleetClock clock,
      Fleet fleet,
      CountDownLatch stop) {
    this.data = data;
    this.terminal = terminal;
    this.endpoints = endpoints;
    this.trust = trust;
    this.clock = clock;
    this.devices = fleet.devices();
    this.seed = fleet.seed();
    this.metricsPort = fleet.metricsPort();
    this.stop = stop;
  }

  /** Runs until it is stopped. {@code heartbeat} is called every few hundred milliseconds. */
  void tell(boolean withRollouts, Runnable heartbeat) throws IOException, InterruptedException {
    push(BASELINE);
    if (devices == 0) {
      terminal.line("No simulated devices. Ctrl-C ends it.");
      while (!stopped(heartbeat)) {}
      return;
    }
    try (FleetSimulator fleet = FleetSimulator.start(fleet(), clock);
        TruthPage page = TruthPage.start(fleet, metricsPort);
        RolloutClient rollouts = new RolloutClient(endpoints.rollout(), endpoints.token())) {
      terminal.line(devices + " devices of fleet home start with " + BASELINE);
      terminal.line("What really happens to them: " + page.url() + "/metrics");
      firstHeartbeat(fleet, heartbeat);
      if (withRollouts) {
        chapters(fleet, rollouts, heartbeat);
      }
      while (!stopped(heartbeat)) {
        status(fleet, "quiet");
      }
      goodbye(fleet);
    }
  }

  private void chapters(FleetSimulator fleet, RolloutClient rollouts, Runnable heartbeat)
      throws IOException, InterruptedException {
    terminal.line("");
    terminal.heading("1  " + BASELINE + " is the baseline");
    if (find(rollouts, BETTER).isEmpty() && !history(fleet, heartbeat)) {
      return;
    }
    field(List.of(BASELINE));
    if (!chapter(2, BETTER, "should be better", rollouts, heartbeat)
        || !chapter(3, WORSE, "is a mistake, but nobody knows yet", rollouts, heartbeat)) {
      return;
    }
    field(List.of(BASELINE, BETTER, WORSE));
    terminal.line("");
    terminal.line("The story is told. The fleet lives on; look around with, for instance:");
    terminal.line("  ./earshot rollout list");
    terminal.line("  ./earshot model show " + WORSE);
    terminal.line("  ./earshot device list --limit 10");
    terminal.line("Ctrl-C ends it; the next `./earshot up` continues here.");
  }

  /** Rolls a release out and follows it to its end. False when stopped before. */
  private boolean chapter(
      int number, ReleaseRef release, String what, RolloutClient rollouts, Runnable heartbeat)
      throws IOException, InterruptedException {
    terminal.line("");
    terminal.heading(number + "  " + release + " " + what);
    ReleaseView pushed = push(release);
    terminal.line("   \"" + pushed.description() + "\", signed, " + pushed.manifestDigest());
    String id = rollout(rollouts, release);
    long begin = System.nanoTime();
    RolloutView view = new RolloutView(rollouts.get(id));
    if (view.isFinal()) {
      terminal.line("   " + id + "  " + view.state().replace('_', ' ') + " in an earlier run");
      return true;
    }
    String milestone = "";
    while (!view.isFinal()) {
      if (!view.milestone().equals(milestone)) {
        milestone = view.milestone();
        terminal.line("   " + fleetTime() + "  " + id + "  " + view.position());
      }
      terminal.status(milestone, "   " + view.line());
      if (stopped(heartbeat)) {
        return false;
      }
      view = new RolloutView(rollouts.get(id));
    }
    terminal.clearStatus();
    terminal.line("   " + fleetTime() + "  " + view.line());
    for (String reason : view.harm()) {
      terminal.line("   stopped by " + reason);
    }
    terminal.heading(
        "   "
            + release
            + " "
            + view.state().replace('_', ' ')
            + " after "
            + Terminal.number((System.nanoTime() - begin) / 1e9, 0)
            + " s");
    return true;
  }

  private String rollout(RolloutClient rollouts, ReleaseRef release)
      throws IOException, InterruptedException {
    Optional<JsonNode> known = find(rollouts, release);
    return known.isPresent()
        ? known.get().path("id").asText()
        : rollouts
            .create("release: " + release + "\n" + PLAN, "story-" + release)
            .path("id")
            .asText();
  }

  private static Optional<JsonNode> find(RolloutClient rollouts, ReleaseRef release)
      throws IOException, InterruptedException {
    return rollouts.list().stream()
        .filter(rollout -> rollout.path("release").asText().equals(release.toString()))
        .findFirst();
  }

  /** Pushes a bundled release unless the registry has it. */
  private ReleaseView push(ReleaseRef release) {
    try (RegistryClient registry = new RegistryClient(endpoints.registry(), endpoints.token())) {
      try {
        ReleaseView known = registry.get(release);
        BundledReleases.list(registry, release, trust, clock.instant());
        return known;
      } catch (ProblemException e) {
        if (!e.problem().type().equals(ProblemType.NOT_FOUND.uri())) {
          throw e;
        }
      }
      return BundledReleases.publish(registry, release, trust, clock.instant());
    }
  }

  private SimulatorConfig fleet() {
    return SimulatorConfig.of(
            Scenario.standard(devices, BASELINE).withSeed(seed),
            new SimulatorConfig.Endpoints(
                List.of(GatewayAddress.parse(endpoints.mqtt())),
                endpoints.registry().toString(),
                trust.anchors()))
        .withDataDirectory(data.resolve("devices"));
  }

  private void firstHeartbeat(FleetSimulator fleet, Runnable heartbeat)
      throws InterruptedException {
    double before = -1;
    while (!stopped(heartbeat)) {
      double counted =
          MetricsPage.fetch(endpoints.monitoring()).sum("earshot_fleet_heartbeats_total");
      before = before < 0 ? counted : before;
      if (counted > before) {
        terminal.clearStatus();
        terminal.line(
            "First heartbeat counted "
                + Terminal.number(ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0, 1)
                + " s after the start.");
        return;
      }
      status(fleet, "waiting");
    }
  }

  /** Waits until gates will have a history to go by. False when stopped before. */
  private boolean history(FleetSimulator fleet, Runnable heartbeat) throws InterruptedException {
    terminal.line(
        "   gates compare each device with its own past: collecting "
            + Terminal.number(HISTORY_HOURS, 0)
            + " listening hours a device");
    while (!stopped(heartbeat)) {
      MetricsPage page = MetricsPage.fetch(endpoints.monitoring());
      double hours = page.sum("earshot_fleet_listening_seconds_total") / 3600;
      double wanted = HISTORY_HOURS * devices;
      if (hours >= wanted) {
        terminal.clearStatus();
        return true;
      }
      terminal.status(
          "history",
          String.format(
              Locale.ROOT,
              "   %s  %s  %.0f of %.0f device-hours, %d false accepts, %d devices connected",
              fleetTime(),
              Terminal.bar(hours / wanted),
              hours,
              wanted,
              (long) page.sum("earshot_fleet_false_accepts_total"),
              fleet.stats().connected()));
    }
    return false;
  }

  /** What monitoring heard of each release in each environment. */
  private void field(List<ReleaseRef> releases) throws InterruptedException {
    MetricsPage page = MetricsPage.fetch(endpoints.monitoring());
    terminal.line("");
    terminal.line("   false accepts per listening hour, as the fleet reported them:");
    StringBuilder header = new StringBuilder(String.format(Locale.ROOT, "   %-16s", ""));
    Labels.environments().forEach(e -> header.append(String.format("%9s", Labels.of(e))));
    terminal.line(header.append("      all").toString());
    for (ReleaseRef release : releases) {
      StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "   %-16s", release));
      Labels.environments().forEach(e -> row.append(rate(page, release, Labels.of(e))));
      terminal.line(row.append(rate(page, release, "")).toString());
    }
  }

  private static String rate(MetricsPage page, ReleaseRef release, String environment) {
    double[] sums = new double[2];
    String[] names = {"earshot_fleet_false_accepts_total", "earshot_fleet_listening_seconds_total"};
    for (int i = 0; i < names.length; i++) {
      sums[i] =
          page.sum(
              names[i],
              labels ->
                  release.toString().equals(labels.get("release"))
                      && (environment.isEmpty() || environment.equals(labels.get("environment"))));
    }
    return sums[1] == 0
        ? String.format(Locale.ROOT, "%9s", "-")
        : String.format(Locale.ROOT, "%9.2f", sums[0] / (sums[1] / 3600));
  }

  private void status(FleetSimulator fleet, String milestone) {
    FleetStats stats = fleet.stats();
    terminal.status(
        milestone,
        String.format(
            Locale.ROOT,
            "   %s  %d of %d devices connected, %d heartbeats acknowledged",
            fleetTime(),
            stats.connected(),
            stats.devices(),
            stats.heartbeatsAcknowledged()));
  }

  /** Lets every device say its last words, so that nothing that happened goes unreported. */
  private void goodbye(FleetSimulator fleet) {
    try {
      fleet.quiesce(LAST_WORDS);
    } catch (TimeoutException e) {
      terminal.line("   " + e.getMessage());
    }
  }

  private String fleetTime() {
    return "fleet " + clock.instant().toString().substring(5, 16).replace('T', ' ');
  }

  private boolean stopped(Runnable heartbeat) throws InterruptedException {
    heartbeat.run();
    return stop.await(TICK_MILLIS, TimeUnit.MILLISECONDS);
  }
}
