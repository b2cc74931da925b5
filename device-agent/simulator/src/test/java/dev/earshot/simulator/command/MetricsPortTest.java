package dev.earshot.simulator.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.simulator.FleetReport;
import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.ProcessUse;
import dev.earshot.simulator.measure.Meter;
import dev.earshot.simulator.measure.Operation;
import dev.earshot.simulator.process.Fleet;
import dev.earshot.simulator.truth.Fates;
import dev.earshot.simulator.truth.HeartbeatFates;
import dev.earshot.simulator.truth.Truth;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetricsPortTest {
  private static final class StillFleet implements Fleet {
    private final Meter meter = new Meter();

    @Override
    public FleetReport report() {
      return new FleetReport(
          new FleetStats(7, 6, 8, 1, 0, 0, 0, 0, Map.of(), Map.of()),
          new Truth(Map.of(), Map.of()),
          Fates.NONE,
          HeartbeatFates.NONE,
          meter.measurements(),
          new ProcessUse(3, 300, 200, 1_500_000_000, 50));
    }

    @Override
    public Optional<String> problem() {
      return Optional.empty();
    }

    @Override
    public void quiesce(Duration patience) {}

    @Override
    public void close() {}
  }

  @Test
  void scrape_showsLatenciesErrorsAndProcesses() throws Exception {
    StillFleet fleet = new StillFleet();
    fleet.meter.took(Operation.CONNECT, TimeUnit.MILLISECONDS.toNanos(3));
    fleet.meter.took(Operation.CONNECT, TimeUnit.MILLISECONDS.toNanos(700));
    fleet.meter.failed("unreachable");
    try (MetricsPort metrics = MetricsPort.open(0, fleet);
        HttpClient client = HttpClient.newHttpClient()) {
      int port = metrics == null ? 0 : metrics.port();
      String page =
          client
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      for (String line :
          List.of(
              "earshot_simulator_devices_connected 6.0",
              "earshot_simulator_operation_seconds_bucket{operation=\"connect\",le=\"0.0025\",} 0.0",
              "earshot_simulator_operation_seconds_bucket{operation=\"connect\",le=\"0.005\",} 1.0",
              "earshot_simulator_operation_seconds_bucket{operation=\"connect\",le=\"+Inf\",} 2.0",
              "earshot_simulator_operation_seconds_count{operation=\"connect\",} 2.0",
              "earshot_simulator_errors_total{reason=\"unreachable\",} 1.0",
              "earshot_simulator_processes 3.0",
              "earshot_simulator_cpu_seconds_total 1.5")) {
        assertTrue(page.lines().anyMatch(line::equals), () -> line + "\nin\n" + page);
      }
      assertEquals(
          "port " + port + " is in use (fix: another --metrics-port)",
          assertThrows(IOException.class, () -> MetricsPort.open(port, fleet)).getMessage());
    }
  }
}
