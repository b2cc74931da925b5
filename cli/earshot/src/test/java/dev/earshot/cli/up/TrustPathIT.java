package dev.earshot.cli.up;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.Connection;
import dev.earshot.cli.Earshot;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.rollout.client.RolloutClient;
import dev.earshot.simulator.FleetSimulator;
import dev.earshot.simulator.SimulatorConfig;
import dev.earshot.simulator.device.GatewayAddress;
import dev.earshot.simulator.scenario.Scenario;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a publisher's key to what runs on devices, each step by its own keys. */
@Timeout(180)
class TrustPathIT {
  private static final ReleaseRef OLD = ReleaseRef.parse("hey-nova:1.0.0");
  private static final ReleaseRef NEW = ReleaseRef.parse("hey-nova:1.1.0");
  private static final int DEVICES = 8;
  private static final String PLAN =
      """
      release: hey-nova:1.1.0
      cohort: "true"
      stages: [{percent: 100, soak: 1h}]
      offers: {per_minute: 60}
      trial: 10m
      start: true
      """;

  @Test
  void publishedListedAndOrdered_isVerifiedAndInstalled(@TempDir Path data) throws Exception {
    FleetClock clock =
        FleetClock.startingAt(Instant.parse("2026-03-01T08:00:00Z"), 60, InstantSource.system());
    try (AllInOne all = AllInOne.start(data, AllInOne.Ports.ANY, "test-token", clock)) {
      Connection.Endpoints endpoints = all.endpoints();
      try (RegistryClient registry = new RegistryClient(endpoints.registry(), endpoints.token())) {
        for (ReleaseRef release : List.of(OLD, NEW)) {
          var _ = BundledReleases.publish(registry, release, all.trust(), clock.instant());
          BundledReleases.list(registry, release, all.trust(), clock.instant());
        }
        assertTrue(registry.metadata("image", "2.publisher.json").isPresent());
        assertTrue(registry.metadata("image", "3.publisher.json").isEmpty());
      }
      assertEquals(
          0,
          verify(
              endpoints.registry().toString(),
              "--trust=" + data.resolve("trust"),
              "--at=" + clock.instant()));
      SimulatorConfig config =
          SimulatorConfig.of(
              Scenario.standard(DEVICES, OLD),
              new SimulatorConfig.Endpoints(
                  List.of(GatewayAddress.parse(endpoints.mqtt())),
                  endpoints.registry().toString(),
                  all.trust().anchors()));
      try (FleetSimulator fleet = FleetSimulator.start(config, clock);
          RolloutClient rollouts = new RolloutClient(endpoints.rollout(), endpoints.token())) {
        while (fleet.stats().connected() < DEVICES) {
          TimeUnit.MILLISECONDS.sleep(50);
        }
        var _ = rollouts.create(PLAN, "trust-path");
        while (fleet.stats().byRelease().getOrDefault(NEW.toString(), 0L) < 2) {
          TimeUnit.MILLISECONDS.sleep(50);
        }
      }
    }
  }

  private static int verify(String... arguments) {
    List<String> all = new ArrayList<>(List.of("trust", "verify"));
    all.addAll(List.of(arguments));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      int status = Earshot.commandLine().execute(all.toArray(String[]::new));
      String out = bytes.toString(StandardCharsets.UTF_8);
      assertTrue(out.contains("hey-nova/1.1.0/manifest.json"), out);
      return status;
    } finally {
      System.setOut(before);
    }
  }
}
