package dev.earshot.monitoring.mixin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rules in a real Prometheus, which tells a real Alertmanager, which tells a webhook. The rules
 * are the shipped ones; only their waiting times are taken out.
 */
class AlertDeliveryIT {
  private static final Path RULES = Path.of("mixin/rules/earshot.yaml");
  private static final long PATIENCE_SECONDS = 60;

  private final List<AutoCloseable> started = new ArrayList<>();
  private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
  private Path folder = Path.of("");
  private int gatewayPort;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    assumeTrue(
        Tools.installed("prometheus"),
        "Prometheus is not installed (Debian: apt-get install prometheus)");
    assumeTrue(
        Tools.installed("prometheus-alertmanager"),
        "Alertmanager is not installed (Debian: apt-get install prometheus-alertmanager)");
    folder = directory;
    gatewayPort = freePort();
    int alertmanager = freePort();
    startAlertmanager(alertmanager, startWebhook());
    startPrometheus(alertmanager);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : started.reversed()) {
      part.close();
    }
  }

  @Test
  void alert_arrivesWithItsTextAndRunbook_andIsTakenBackWhenItIsOver() throws Exception {
    JsonNode firing = awaitAlert("firing");
    assertEquals("EarshotServiceDown", firing.at("/labels/alertname").asText());
    assertEquals("critical", firing.at("/labels/severity").asText());
    assertEquals("earshot-gateway", firing.at("/labels/job").asText());
    assertEquals(
        "earshot-gateway at 127.0.0.1:" + gatewayPort + " does not answer",
        firing.at("/annotations/summary").asText());
    assertEquals("runbooks/EarshotServiceDown.md", firing.at("/annotations/runbook_url").asText());

    HttpServer gateway = server(gatewayPort);
    gateway.createContext(
        "/metrics",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
          byte[] page = "earshot_gateway_connections 0\n".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    assertEquals("EarshotServiceDown", awaitAlert("resolved").at("/labels/alertname").asText());
  }

  private JsonNode awaitAlert(String status) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      JsonNode message = received.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertNotNull(message, "no alert that is " + status + " within " + PATIENCE_SECONDS + " s");
      if (message.path("status").asText().equals(status)) {
        return message.at("/alerts/0");
      }
    }
  }

  private int startWebhook() throws IOException {
    HttpServer webhook = server(0);
    webhook.createContext(
        "/",
        exchange -> {
          received.add(new ObjectMapper().readTree(exchange.getRequestBody()));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    return webhook.getAddress().getPort();
  }

  private void startAlertmanager(int port, int webhook) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("alertmanager.yml"),
            """
            route: {receiver: test, group_by: [alertname], group_wait: 0s, group_interval: 1s}
            receivers:
              - name: test
                webhook_configs: [{url: "http://127.0.0.1:%d/", send_resolved: true}]
            """
                .formatted(webhook));
    start(
        "prometheus-alertmanager",
        "--config.file=" + config,
        "--storage.path=" + folder.resolve("alertmanager"),
        "--web.listen-address=127.0.0.1:" + port,
        "--cluster.listen-address=");
  }

  private void startPrometheus(int alertmanager) throws IOException {
    Path rules =
        Files.writeString(
            folder.resolve("rules.yaml"),
            Files.readString(RULES)
                .replaceAll("(?m)^ *for: .*\n", "")
                .replace("interval: 15s", "interval: 1s"));
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["%s"]
            alerting: {alertmanagers: [{static_configs: [{targets: ["127.0.0.1:%d"]}]}]}
            scrape_configs:
              - {job_name: earshot-gateway, static_configs: [{targets: ["127.0.0.1:%d"]}]}
            """
                .formatted(rules.toAbsolutePath(), alertmanager, gatewayPort));
    start(
        "prometheus",
        "--config.file=" + config,
        "--storage.tsdb.path=" + folder.resolve("tsdb"),
        "--web.listen-address=127.0.0.1:" + freePort(),
        "--log.level=warn");
  }

  private void start(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(command[0] + ".log").toFile())
            .start();
    started.add(
        () -> {
          process.destroy();
          if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
          }
        });
  }

  private HttpServer server(int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.start();
    started.add(() -> server.stop(0));
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
