package dev.earshot.cli.up;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.cli.Connection;
import dev.earshot.cli.HttpJson;
import dev.earshot.cli.rollout.RolloutView;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.rollout.client.RolloutClient;
import dev.earshot.simulator.FleetSimulator;
import dev.earshot.simulator.SimulatorConfig;
import dev.earshot.simulator.device.GatewayAddress;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Truth;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole path with everything real: broker, services, MQTT, downloads, signatures, gates,
 * Prometheus. A fleet on 1.1 is offered the bad 1.2; what happened to it is then compared with what
 * was counted.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WholePathIT {
  private static final int DEVICES = 360;
  private static final double SPEED = 600;
  private static final Path MIXIN = Path.of("../../monitoring/mixin");

  /** Whose parent must be published too. */
  private static final ReleaseRef PARENT = ReleaseRef.parse("hey-nova:1.0.0");

  private static final ReleaseRef GOOD = ReleaseRef.parse("hey-nova:1.1.0");
  private static final ReleaseRef BAD = ReleaseRef.parse("hey-nova:1.2.0");

  /**
   * The strict alpha lets the bad release run until single environments have evidence enough for an
   * interval, so that the dashboards have one to show.
   */
  private static final String PLAN =
      """
      release: hey-nova:1.2.0
      cohort: device.chip == "ndp120"
      stages: [{percent: 50, soak: 2h, margin: 1.5}, {percent: 100, soak: 12h, margin: 1.05}]
      holdback_percent: 5
      offers: {per_minute: 60}
      trial: 20m
      gates: {alpha: 1e-4}
      start: true
      """;

  private final FleetClock clock =
      FleetClock.startingAt(Instant.parse("2026-03-01T08:00:00Z"), SPEED, InstantSource.system());
  private @Nullable AllInOne all;
  private @Nullable FleetSimulator fleet;
  private @Nullable TruthPage truth;
  private @Nullable PrometheusProcess prometheus;
  private @Nullable RolloutClient rollouts;

  @BeforeAll
  void start(@TempDir Path data) throws IOException {
    AllInOne started = AllInOne.start(data, AllInOne.Ports.ANY, "test-token", clock);
    all = started;
    Connection.Endpoints endpoints = started.endpoints();
    rollouts = new RolloutClient(endpoints.rollout(), endpoints.token());
    try (RegistryClient registry = new RegistryClient(endpoints.registry(), endpoints.token())) {
      for (ReleaseRef release : List.of(PARENT, GOOD, BAD)) {
        var _ = BundledReleases.publish(registry, release, started.trust(), clock.instant());
      }
    }
    FleetSimulator simulator =
        FleetSimulator.start(
            SimulatorConfig.of(
                Scenario.standard(DEVICES, GOOD),
                new SimulatorConfig.Endpoints(
                    List.of(GatewayAddress.parse(endpoints.mqtt())),
                    endpoints.registry().toString(),
                    started.trust().anchors())),
            clock);
    fleet = simulator;
    TruthPage happened = TruthPage.start(simulator, 0);
    truth = happened;
    if (PrometheusProcess.isInstalled()) {
      prometheus =
          PrometheusProcess.start(
              data, MIXIN.resolve("rules/earshot.yaml"), endpoints, happened.url());
    }
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable part : closeables()) {
      part.close();
    }
  }

  @Test
  @Order(1)
  void worseRelease_isStoppedByTheGates_andEveryDeviceIsBackOnTheOldOne() throws Exception {
    await(
        "two listening hours a device as history",
        Duration.ofMinutes(2),
        () -> metrics().sum("earshot_fleet_listening_seconds_total") / 3600 >= 2.0 * DEVICES);

    String id = rollouts().create(PLAN, "whole-path").path("id").asText();
    await(
        "devices install " + BAD,
        Duration.ofMinutes(2),
        () -> present(fleet).stats().byRelease().getOrDefault(BAD.toString(), 0L) > 20);
    await(
        "the rollout has ended",
        Duration.ofMinutes(4),
        () -> new RolloutView(rollouts().get(id)).isFinal());

    RolloutView end = new RolloutView(rollouts().get(id));
    assertEquals("rolled_back", end.state(), end::line);
    assertTrue(
        end.harm().stream().anyMatch(reason -> reason.startsWith("false accepts")),
        () -> "stopped by false accepts, but by: " + end.harm());
    await(
        "every device listens with " + GOOD + " again",
        Duration.ofMinutes(1),
        () -> present(fleet).stats().byRelease().equals(Map.of(GOOD.toString(), (long) DEVICES)));
    await(
        "monitoring knows it",
        Duration.ofMinutes(1),
        () ->
            metrics()
                    .sum(
                        "earshot_fleet_devices",
                        labels -> GOOD.toString().equals(labels.get("release")))
                == DEVICES);
  }

  @Test
  @Order(2)
  void audit_tellsWhoDecidedWhatAndWhy() throws Exception {
    JsonNode rollout = rollouts().list().getFirst();
    List<JsonNode> events = rollouts().events(rollout.path("id").asText());
    List<String> kinds = events.stream().map(event -> event.path("kind").asText()).toList();
    assertTrue(kinds.size() >= 4, () -> "events: " + kinds);
    JsonNode rollback =
        events.stream()
            .filter(event -> event.path("evidence").toString().contains("\"harm\""))
            .filter(event -> event.path("actor").asText().startsWith("gate"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no decision by a gate: " + events));
    assertFalse(rollback.path("evidence").isEmpty(), "evidence at that moment");
  }

  @Test
  @Order(3)
  void deviceView_showsOneDevice() throws Exception {
    Connection.Endpoints endpoints = present(all).endpoints();
    JsonNode page =
        new HttpJson(endpoints.token())
            .get(URI.create(endpoints.monitoring() + "/v1/devices?limit=5"))
            .body();
    assertEquals(5, page.path("devices").size());
    JsonNode device = page.path("devices").get(0);
    assertEquals(GOOD.toString(), device.path("release").asText());
    assertTrue(device.path("connected").asBoolean());
    assertTrue(device.path("heartbeats").asLong() > 0);
  }

  @Test
  @Order(4)
  void everyQueryOfTheDashboardsAndEveryRecordingRule_returnsData() throws Exception {
    assumeTrue(
        prometheus != null, "Prometheus is not installed (Debian: apt-get install prometheus)");
    PrometheusProcess running = present(prometheus);
    await(
        "Prometheus scrapes the four services and the simulator",
        Duration.ofSeconds(30),
        () -> running.targets().equals(List.of("up", "up", "up", "up", "up")));

    Map<String, String> queries = DashboardQueries.of(MIXIN);
    assertTrue(queries.size() > 150, () -> "queries: " + queries.size());
    Map<String, String> empty = new TreeMap<>(queries);
    within(
        Duration.ofSeconds(20),
        () -> {
          for (Map.Entry<String, String> query : queries.entrySet()) {
            if (empty.containsKey(query.getKey()) && running.hadSeries(query.getValue())) {
              empty.remove(query.getKey());
            }
          }
          return empty.isEmpty();
        });
    assertEquals(Map.of(), empty, "queries without data at any time of the session");
  }

  @Test
  @Order(5)
  void whatHappened_isWhatMonitoringCounted_exactly() throws Exception {
    present(fleet).quiesce(Duration.ofSeconds(60));
    Truth truth = present(fleet).truth();
    assertEquals(Counts.NONE, truth.unacknowledged(), "happened but not acknowledged");
    assertTrue(truth.totalHappened().falseAccepts() > 100, "something happened at all");

    Map<String, List<Long>> happened = new TreeMap<>();
    truth
        .happened()
        .forEach(
            (key, counts) ->
                happened.put(
                    key.release() + " " + Labels.of(key.environment()),
                    List.of(
                        counts.falseAccepts(),
                        counts.wakes(),
                        counts.suspectedFalseRejects(),
                        counts.inferences(),
                        counts.listeningMillis(),
                        counts.chipMicrojoules())));
    within(Duration.ofSeconds(30), () -> counted().equals(happened));
    assertEquals(happened, counted());
  }

  @Test
  @Order(6)
  void gatewayCounters_balance() throws Exception {
    Connection.Endpoints endpoints = present(all).endpoints();
    assertTrue(
        within(
            Duration.ofSeconds(20),
            () -> {
              MetricsPage page = MetricsPage.fetch(endpoints.gateway());
              return page.sum("earshot_gateway_messages_received_total") > 0
                  && page.sum("earshot_gateway_messages_received_total")
                      == page.sum("earshot_gateway_messages_forwarded_total")
                          + page.sum("earshot_gateway_messages_rejected_total")
                          + page.sum("earshot_gateway_messages_failed_total");
            }),
        "received = forwarded + rejected + failed");
  }

  private Map<String, List<Long>> counted() throws InterruptedException {
    Map<String, double[]> sums = new HashMap<>();
    List<String> names =
        List.of(
            "earshot_fleet_false_accepts_total",
            "earshot_fleet_wakes_total",
            "earshot_fleet_suspected_false_rejects_total",
            "earshot_fleet_inferences_total",
            "earshot_fleet_listening_seconds_total",
            "earshot_fleet_ndp_energy_joules_total");
    List<Double> toWire = List.of(1.0, 1.0, 1.0, 1.0, 1e3, 1e6);
    for (MetricsPage.Sample sample : metrics().samples()) {
      int index = names.indexOf(sample.name());
      if (index >= 0) {
        sums.computeIfAbsent(
                    sample.labels().get("release") + " " + sample.labels().get("environment"),
                    absent -> new double[names.size()])[index] +=
            sample.value() * toWire.get(index);
      }
    }
    Map<String, List<Long>> counted = new TreeMap<>();
    sums.forEach(
        (key, values) -> {
          List<Long> rounded = new ArrayList<>();
          for (double value : values) {
            rounded.add(Math.round(value));
          }
          counted.put(key, rounded);
        });
    return counted;
  }

  private MetricsPage metrics() throws InterruptedException {
    return MetricsPage.fetch(present(all).endpoints().monitoring());
  }

  private RolloutClient rollouts() {
    return present(rollouts);
  }

  private List<AutoCloseable> closeables() {
    List<AutoCloseable> parts = new ArrayList<>();
    Optional.ofNullable(truth).ifPresent(parts::add);
    Optional.ofNullable(fleet).ifPresent(parts::add);
    Optional.ofNullable(prometheus).ifPresent(parts::add);
    Optional.ofNullable(rollouts).ifPresent(parts::add);
    Optional.ofNullable(all).ifPresent(parts::add);
    return parts;
  }

  private static <T> T present(@Nullable T part) {
    if (part == null) {
      throw new AssertionError("not started");
    }
    return part;
  }

  private static void await(String what, Duration limit, Callable<Boolean> condition)
      throws Exception {
    assertTrue(within(limit, condition), () -> "not within " + limit + ": " + what);
  }

  private static boolean within(Duration limit, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    return true;
  }
}
