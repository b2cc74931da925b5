package dev.earshot.cli.bench;

import dev.earshot.cli.UserError;
import dev.earshot.gateway.GatewayMain;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A gateway in a process of its own. */
public final class GatewayProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(40);
  private static final int SHOWN_LINES = 5;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final Path log;
  private final int mqttPort;
  private final URI operations;

  private GatewayProcess(Process process, Path log, int mqttPort, int httpPort) {
    this.process = process;
    this.log = log;
    this.mqttPort = mqttPort;
    this.operations = URI.create("http://127.0.0.1:" + httpPort);
  }

  /**
   * Starts one; {@link #awaitReady} waits for it.
   *
   * @param heapMib highest heap
   * @param eventLoops threads that serve connections
   */
  static GatewayProcess start(
      int number, String kafka, Path folder, int heapMib, int eventLoops, int partitions)
      throws IOException {
    return start(
        "bench-gateway-" + number,
        folder,
        List.of(
            "-Xms64m",
            "-Xmx" + heapMib + "m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders"),
        Map.of(
            "EARSHOT_KAFKA",
            kafka,
            "EARSHOT_DEVICE_AUTH",
            "development",
            "EARSHOT_DEVICE_PARTITIONS",
            Integer.toString(partitions),
            "EARSHOT_EVENT_LOOPS",
            Integer.toString(eventLoops)));
  }

  /**
   * Starts one with these settings, on the loopback interface.
   *
   * @param name its instance name
   * @param options for its JVM
   * @param settings the environment; without {@code EARSHOT_MQTT_PORT} any free port is taken
   */
  public static GatewayProcess start(
      String name, Path folder, List<String> options, Map<String, String> settings)
      throws IOException {
    Path log = folder.resolve(name + ".log");
    int http = ServiceUnderTest.freePort();
    Map<String, String> environment = new HashMap<>(settings);
    environment.putIfAbsent(
        "EARSHOT_MQTT_PORT", Integer.toString(ServiceUnderTest.freePort()));
    environment.put("EARSHOT_HTTP_HOST", "127.0.0.1");
    environment.put("EARSHOT_HTTP_PORT", Integer.toString(http));
    environment.put("EARSHOT_INSTANCE", name);
    Process process = ServiceUnderTest.start(GatewayMain.class, options, environment, log);
    int mqtt = Integer.parseInt(environment.get("EARSHOT_MQTT_PORT"));
    return new GatewayProcess(process, log, mqtt, http);
  }

  /** Waits until devices can connect. */
  public void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (!ready()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new UserError("a gateway did not start:\n  " + String.join("\n  ", lastLines()));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** {@code host:port} for devices. */
  public String address() {
    return "127.0.0.1:" + mqttPort;
  }

  /** Where devices connect. */
  public int mqttPort() {
    return mqttPort;
  }

  /** Of its process. */
  public long pid() {
    return process.pid();
  }

  /** Whether its process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Where its metrics are. */
  public URI operations() {
    return operations;
  }

  /** What it said last. */
  public List<String> lastLines() throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : new ArrayList<>();
    return lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
  }

  /** Ends it at once, as SIGKILL does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Drains it. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().onExit().join();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private boolean ready() throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(operations.resolve("/health/ready"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
