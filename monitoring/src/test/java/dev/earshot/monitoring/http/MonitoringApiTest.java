package dev.earshot.monitoring.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.health.WindowKey;
import dev.earshot.monitoring.http.ApiServer.Answer;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The interface over HTTP, on a fleet in memory. */
final class MonitoringApiTest {
  private static final long WINDOW = WindowKey.LENGTH.toMillis();
  private static final HealthKey KITCHEN =
      new HealthKey("home", "r-1", "hey-nova:1.0.0", "ndp120", "eu", "kitchen", "control");
  private static final HealthKey CAR =
      new HealthKey("cars", "r-1", "hey-nova:1.0.0", "ndp120", "us", "car", "treatment");

  private ApiServer server;

  @BeforeEach
  void start() throws Exception {
    server = new ApiServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void pages_leadThroughAllDevicesThatAreAskedFor() throws Exception {
    for (int i = 0; i < 25; i++) {
      server.fleet.devices.put(
          "home/d" + (10 + i),
          DeviceHealth.newBuilder().setConnected(i % 2 == 0).setRollout("r 1&2").build());
    }
    List<String> seen = new ArrayList<>();
    String next = "/v1/devices?connected=true&cohort=r+1%262&limit=5";
    int pages = 0;
    while (!next.isEmpty()) {
      Answer answer = server.get(next);
      assertEquals(200, answer.status());
      answer.json().path("devices").forEach(device -> seen.add(device.path("device").asText()));
      String link = answer.header("Link");
      next = link.isEmpty() ? "" : link.substring(1, link.indexOf('>'));
      pages++;
    }
    assertEquals(3, pages);
    assertEquals(13, seen.size());
    assertEquals(List.copyOf(seen), seen.stream().sorted().distinct().toList());
  }

  @Test
  void silentDevices_areFound() throws Exception {
    long now = FakeFleet.NOW;
    server.fleet.devices.put(
        "home/a",
        DeviceHealth.newBuilder().setIntervalMs(1_000).setLastHeartbeatMs(now - 3_000).build());
    server.fleet.devices.put(
        "home/b",
        DeviceHealth.newBuilder().setIntervalMs(1_000).setLastHeartbeatMs(now - 3_001).build());
    JsonNode silent = server.get("/v1/devices?silent=true").json().path("devices");
    assertEquals(1, silent.size());
    assertEquals("home/b", silent.get(0).path("device").asText());
    assertTrue(silent.get(0).path("silent").asBoolean());
  }

  @Test
  void windows_areAddedUpByStepAndLabel() throws Exception {
    long noon = WindowKey.startOf(FakeFleet.NOW);
    count(KITCHEN, 1, noon - 2 * WINDOW);
    count(KITCHEN, 2, noon - WINDOW);
    count(CAR, 4, noon - WINDOW);
    count(KITCHEN, 8, noon);
    JsonNode answer =
        server
            .get(
                "/v1/health?from=2026-03-01T11:50:00Z&to=2026-03-01T12:00:00Z&step=PT5M"
                    + "&by=environment,arm")
            .json();
    assertEquals(
        List.of(
            "2026-03-01T11:50:00Z kitchen control 1",
            "2026-03-01T11:55:00Z car treatment 4",
            "2026-03-01T11:55:00Z kitchen control 2"),
        points(answer));
    JsonNode all = server.get("/v1/health?fleet=home&histograms=true").json().path("points");
    assertEquals(1, all.size());
    assertEquals(11, all.get(0).path("falseAccepts").asInt());
    assertEquals(0.5 * 3, all.get(0).path("listeningSeconds").asDouble());
    assertEquals(32, all.get(0).path("falseAcceptScores").size());
  }

  @Test
  void scores_areOfOneRelease_byEnvironment() throws Exception {
    count(KITCHEN, 3, FakeFleet.NOW);
    count(CAR, 5, FakeFleet.NOW);
    JsonNode both = server.get("/v1/scores/hey-nova/1.0.0").json();
    assertEquals("hey-nova:1.0.0", both.path("release").asText());
    assertTrue(both.path("fleet").isNull());
    assertEquals(
        List.of("car", "kitchen"), both.path("environments").findValuesAsText("environment"));
    JsonNode cars = server.get("/v1/scores/hey-nova/1.0.0?fleet=cars").json().path("environments");
    assertEquals(1, cars.size());
    assertEquals(5, cars.get(0).path("falseAcceptScores").get(20).asInt());
    assertEquals(32, cars.get(0).path("nearMissScores").size());
    assertEquals(0.5 / 3_600, cars.get(0).path("listeningHours").asDouble(), 1e-12);
  }

  @Test
  void whatCanNotBeUsed_isNamed() throws Exception {
    refused("/v1/devices?limit=0", "limit", "'0' (expected: a whole number from 1 to 1000)");
    refused("/v1/devices?conected=true", "conected", "unknown (expected: one of after, cohort,");
    refused("/v1/devices?silent=yes", "silent", "'yes' (expected: true or false)");
    refused("/v1/health?by=device", "by", "'device' (expected: some of fleet,cohort,release,");
    refused("/v1/health?step=PT7M", "step", "'PT7M' (expected: a multiple of PT5M)");
    refused("/v1/health?from=yesterday", "from", "'yesterday' (expected: an instant such as");
    refused("/v1/health?from=2027-01-01T00:00:00Z", "from", "expected: before");
    refused(
        "/v1/health?from=1990-01-01T00:00:00Z&step=PT5M", "step", "expected: at most 11000 steps");
  }

  private void refused(String path, String field, String message) throws Exception {
    Answer answer = server.get(path);
    assertEquals(400, answer.status(), path);
    JsonNode error = answer.json().path("errors").path(0);
    assertEquals(field, error.path("field").asText(), path);
    assertTrue(error.path("message").asText().contains(message), error.toString());
  }

  private void count(HealthKey labels, int falseAccepts, long endedMillis) {
    Heartbeat.Builder beat =
        Heartbeat.newBuilder().setFalseAccepts(falseAccepts).setListeningMs(500);
    for (int i = 0; i < 32; i++) {
      beat.addFalseAcceptScores(i == 20 ? falseAccepts : 0);
    }
    server.fleet.count(labels, beat.build(), endedMillis);
  }

  private static List<String> points(JsonNode answer) {
    List<String> points = new ArrayList<>();
    for (JsonNode point : answer.path("points")) {
      points.add(
          String.join(
              " ",
              point.path("start").asText(),
              point.at("/labels/environment").asText(),
              point.at("/labels/arm").asText(),
              point.path("falseAccepts").asText()));
    }
    return points;
  }
}
