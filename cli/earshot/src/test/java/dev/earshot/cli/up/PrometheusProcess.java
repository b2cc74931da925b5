package dev.earshot.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.cli.Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Prometheus of this machine that scrapes a running Earshot every second. */
final class PrometheusProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final int port;

  private PrometheusProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Whether this machine has one. */
  static boolean isInstalled() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "prometheus")));
  }

  /**
   * Starts it.
   *
   * @param simulator the simulated fleet's own page
   */
  static PrometheusProcess start(
      Path directory, Path rules, Connection.Endpoints endpoints, URI simulator) {
    try {
      int port = freePort();
      Path config = directory.resolve("prometheus.yml");
      StringBuilder text =
          new StringBuilder("global: {scrape_interval: 1s, evaluation_interval: 1s}\n")
              .append("rule_files: [\"")
              .append(rules.toAbsolutePath())
              .append("\"]\nscrape_configs:\n");
      job(text, "earshot-gateway", endpoints.gateway());
      job(text, "earshot-registry", endpoints.registry());
      job(text, "earshot-rollout", endpoints.rollout());
      job(text, "earshot-monitoring", endpoints.monitoring());
      job(text, "earshot-simulator", simulator);
      Files.writeString(config, text);
      Process process =
          new ProcessBuilder(
                  "prometheus",
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + directory.resolve("tsdb"),
                  "--web.listen-address=127.0.0.1:" + port,
                  "--log.level=warn")
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("prometheus.log").toFile())
              .start();
      return new PrometheusProcess(process, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether a query had an answer at any time in the last quarter of an hour; throws when
   * Prometheus finds the query wrong.
   */
  boolean hadSeries(String query) throws IOException, InterruptedException {
    long now = System.currentTimeMillis() / 1000;
    return !get("/api/v1/query_range?step=5&start="
            + (now - 900)
            + "&end="
            + now
            + "&query="
            + URLEncoder.encode(query, StandardCharsets.UTF_8))
        .at("/data/result")
        .isEmpty();
  }

  /** The states of all scrape targets, such as {@code up}. */
  List<String> targets() throws IOException, InterruptedException {
    return get("/api/v1/targets").at("/data/activeTargets").findValuesAsText("health");
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }

  private static void job(StringBuilder text, String name, URI url) {
    text.append("  - job_name: ")
        .append(name)
        .append("\n    static_configs: [{targets: [\"")
        .append(url.getAuthority())
        .append("\"]}]\n");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
