package dev.earshot.monitoring.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.monitoring.MonitoringConfig;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The interface on a port of its own, over a fleet in memory. */
final class ApiServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOKEN = "secret-of-the-test";
  private static final long WITHIN_SECONDS = 20;

  final FakeFleet fleet = new FakeFleet();
  final Router router;
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  ApiServer() throws Exception {
    MonitoringConfig config =
        new MonitoringConfig(
            "none:1",
            "localhost",
            0,
            "test",
            Path.of("none"),
            1,
            1,
            TOKEN,
            MonitoringConfig.Limits.DEFAULT);
    router = MonitoringHttp.router(vertx, fleet, new CollectorRegistry(), config);
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "localhost")
            .await(WITHIN_SECONDS, TimeUnit.SECONDS);
  }

  /** An answer. */
  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    JsonNode json() {
      try {
        return JSON.readTree(response.body());
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + response.body(), e);
      }
    }
  }

  Answer get(String path) throws IOException, InterruptedException {
    return get(path, TOKEN);
  }

  Answer get(String path, String token) throws IOException, InterruptedException {
    URI uri = URI.create("http://localhost:" + server.actualPort() + path);
    return new Answer(
        http.send(
            HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(WITHIN_SECONDS))
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.ofString()));
  }

  @Override
  public void close() throws Exception {
    http.shutdownNow();
    vertx.close().await(WITHIN_SECONDS, TimeUnit.SECONDS);
  }
}
