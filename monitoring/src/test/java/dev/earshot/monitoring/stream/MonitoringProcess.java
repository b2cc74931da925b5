package dev.earshot.monitoring.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.monitoring.MonitoringMain;
import dev.earshot.protocol.clock.FleetClock;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Monitoring in a process of its own, which can be killed and started again. */
final class MonitoringProcess implements AutoCloseable {
  private static final String TOKEN = "secret-of-the-test";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, String> environment;
  private final Path log;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable Process process;

  MonitoringProcess(String bootstrap, Path directory, int partitions, FleetClock clock)
      throws IOException {
    log = directory.resolve("monitoring.log");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    environment =
        Map.of(
            "EARSHOT_KAFKA",
            bootstrap,
            "EARSHOT_HTTP_HOST",
            "localhost",
            "EARSHOT_HTTP_PORT",
            Integer.toString(port),
            "EARSHOT_INSTANCE",
            "monitoring-0",
            "EARSHOT_STATE_DIR",
            directory.resolve("state").toString(),
            "EARSHOT_DEVICE_PARTITIONS",
            Integer.toString(partitions),
            "EARSHOT_ADMIN_TOKEN",
            TOKEN,
            "EARSHOT_FLEET_CLOCK",
            clock.specification());
  }

  void start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                MonitoringMain.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(key -> key.startsWith("EARSHOT_"));
    builder.environment().putAll(environment);
    process = builder.start();
  }

  /** SIGKILL: no hook of the process runs. */
  void kill() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }

  /** Whether it runs and can be read; it must not have ended by itself. */
  boolean isReady() throws IOException, InterruptedException {
    if (process == null || !process.isAlive()) {
      throw new AssertionError("monitoring has ended by itself: " + Files.readString(log));
    }
    return get("/health/ready").startsWith("200");
  }

  /** Every sample of the page whose name begins so; none while it can't be read. */
  Map<String, Double> metrics(String prefix) throws InterruptedException {
    Map<String, Double> samples = new TreeMap<>();
    get("/metrics")
        .lines()
        .filter(line -> line.startsWith(prefix))
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              samples.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
            });
    return samples;
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    String answer = get(path);
    if (!answer.startsWith("200\n")) {
      throw new AssertionError(path + ": " + answer);
    }
    return JSON.readTree(answer.substring(4));
  }

  @Override
  public void close() {
    kill();
    http.close();
  }

  private String get(String path) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                  .timeout(Duration.ofSeconds(5))
                  .header("Authorization", "Bearer " + TOKEN)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + "\n" + answer.body();
    } catch (IOException e) {
      return "not there";
    }
  }
}
