package dev.earshot.rollout.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.Digest;
import dev.earshot.rollout.operator.OperatorSettings;
import dev.earshot.rollout.operator.Operators;
import dev.earshot.service.Health;
import dev.earshot.service.HttpEdge;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The interface on a port of its own, over a control plane in memory. Everybody's token is their
 * name.
 */
final class ApiServer implements AutoCloseable {
  static final String ADMIN = "the-admin-token";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long WITHIN_SECONDS = 20;

  final FakeControlPlane plane = new FakeControlPlane();
  final Router router;
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  ApiServer(Path directory) throws Exception {
    StringBuilder file = new StringBuilder();
    for (String role : List.of("viewer", "publisher", "operator", "approver")) {
      file.append("- name: ").append(role).append("-person\n  roles: [").append(role);
      file.append("]\n  sha256: ").append(digest(role)).append('\n');
    }
    Path operators = Files.writeString(directory.resolve("operators.yaml"), file);
    router = HttpEdge.router(vertx, new Health(), new CollectorRegistry());
    RolloutApi.mount(
        router,
        plane,
        Operators.open(vertx, new OperatorSettings(ADMIN, operators, null)),
        Duration.ofMillis(300));
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "localhost")
            .toCompletionStage()
            .toCompletableFuture()
            .get(WITHIN_SECONDS, TimeUnit.SECONDS);
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

  URI uri(String path) {
    return URI.create("http://localhost:" + server.actualPort() + path);
  }

  Answer get(String path, String... headers) throws IOException, InterruptedException {
    return send(request(path, headers).GET());
  }

  Answer post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return send(request(path, headers).POST(BodyPublishers.ofString(body)));
  }

  Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return new Answer(http.send(request.build(), BodyHandlers.ofString()));
  }

  /** A request by the admin, unless a header says otherwise. */
  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(WITHIN_SECONDS))
            .setHeader("Authorization", "Bearer " + ADMIN);
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return request;
  }

  /** Creates a rollout and gives its id. */
  String created(String plan, String... headers) throws IOException, InterruptedException {
    return post("/v1/rollouts", plan, headers).json().path("id").asText();
  }

  static String[] as(String role) {
    return new String[] {"Authorization", "Bearer " + role};
  }

  @Override
  public void close() throws ExecutionException, TimeoutException {
    http.shutdownNow();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String digest(String token) {
    return Digest.of(token.getBytes(StandardCharsets.UTF_8)).hex();
  }
}
