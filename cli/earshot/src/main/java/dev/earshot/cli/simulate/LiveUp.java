package dev.earshot.cli.simulate;

import dev.earshot.cli.Connection;
import dev.earshot.cli.trust.LocalTrustFolder;
import dev.earshot.cli.up.BundledReleases;
import dev.earshot.cli.up.MetricsPage;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.release.ReleaseView;
import dev.earshot.rollout.client.RolloutClient;
import dev.earshot.simulator.command.LiveSystem;
import dev.earshot.simulator.report.RolloutMove;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.truth.HeartbeatFates;
import dev.earshot.simulator.truth.Truth;
import dev.earshot.simulator.verify.Counted;
import dev.earshot.simulator.verify.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The {@code earshot up} of a data folder, with the operator's and the publisher's rights. */
final class LiveUp implements LiveSystem {
  /** Monitoring shows what it has committed: a second or two after it was counted. */
  private static final Duration COUNTED_WITHIN = Duration.ofSeconds(90);

  private static final long POLL_MILLIS = 500;

  private final Path folder;
  private final Connection.Endpoints endpoints;
  private final LocalTrust trust;
  private final FleetClock clock;
  private @Nullable Begun begun;

  /** What must be known of the beginning to tell what came after it. */
  private record Begun(String fleet, Instant start, MonitoringCount before, RolloutPilot pilot) {}

  LiveUp(Path folder) {
    this.folder = folder;
    this.endpoints = Connection.Endpoints.read(folder);
    this.clock = FleetClock.parse(endpoints.clock());
    this.trust = LocalTrustFolder.in(folder).open(clock.instant());
  }

  @Override
  public String gateway() {
    return endpoints.mqtt();
  }

  @Override
  public String registry() {
    return endpoints.registry().toString();
  }

  @Override
  public Path trust() {
    return LocalTrustFolder.in(folder).path();
  }

  @Override
  public FleetClock clock() {
    return clock;
  }

  /** Pushes what is part of this program and not there yet; the rest must be there. */
  @Override
  public void prepare(Scenario scenario) throws IOException {
    ScenarioServices.requirePlans(scenario);
    try (RegistryClient registry = new RegistryClient(endpoints.registry(), endpoints.token())) {
      Set<String> there =
          registry.list().stream().map(ReleaseView::release).collect(Collectors.toSet());
      for (String name : BundledReleases.names()) {
        ReleaseRef release = BundledReleases.read(name).card().release();
        if (!there.contains(release.toString())) {
          var _ = BundledReleases.publish(registry, release, trust, clock.instant());
        }
      }
    } catch (ProblemException e) {
      throw new IOException(
          e.getMessage() + " (is the `earshot up` of " + folder + " running?)", e);
    }
  }

  @Override
  public void begin(Scenario scenario, Instant start) throws IOException {
    MonitoringCount before = monitoring(scenario.fleet());
    RolloutClient rollouts = new RolloutClient(endpoints.rollout(), endpoints.token());
    begun =
        new Begun(
            scenario.fleet(), start, before, RolloutPilot.start(scenario, start, clock, rollouts));
  }

  @Override
  public List<RolloutMove> moves() {
    Begun since = begun;
    return since == null ? List.of() : since.pilot().moves();
  }

  @Override
  public Verification verify(Truth truth, HeartbeatFates heartbeats) throws IOException {
    Begun since = begun;
    if (since == null) {
      throw new IllegalStateException("verify: before begin");
    }
    Counted kafka = HeartbeatTopic.count(endpoints.kafka(), since.fleet(), since.start());
    long deadline = System.nanoTime() + COUNTED_WITHIN.toNanos();
    Counted counted = monitoring(since.fleet()).minus(since.before()).counted();
    while (counted.intervals() < kafka.intervals() && System.nanoTime() < deadline) {
      pause();
      counted = monitoring(since.fleet()).minus(since.before()).counted();
    }
    return Verification.of(truth, heartbeats, List.of(kafka, counted), since.pilot().problems());
  }

  @Override
  public void close() {
    Begun since = begun;
    if (since != null) {
      since.pilot().close();
    }
  }

  private MonitoringCount monitoring(String fleet) throws IOException {
    try {
      return MonitoringCount.of(MetricsPage.fetch(endpoints.monitoring()), fleet);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking " + endpoints.monitoring(), e);
    } catch (RuntimeException e) {
      throw new IOException(
          endpoints.monitoring()
              + " does not answer (is the `earshot up` of "
              + folder
              + " running?): "
              + e.getMessage(),
          e);
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while monitoring counts", e);
    }
  }
}
