package dev.earshot.rollout.stream;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.trust.KeyFile;
import dev.earshot.rollout.RolloutMain;
import dev.earshot.rollout.client.RolloutClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rollout service in a process of its own, which can be killed and started again. */
final class RolloutProcess implements AutoCloseable {
  private static final String TOKEN = "secret-of-the-test";

  private final String instance;
  private final Map<String, String> environment;
  private final Path log;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable Process process;

  RolloutProcess(
      String bootstrap, Path directory, String instance, int partitions, FleetClock clock)
      throws IOException {
    this.instance = instance;
    this.log = directory.resolve(instance + ".log");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path key = directory.resolve("director.key");
    if (Files.notExists(key)) {
      KeyFile.writePlain(key, TestDirector.TRUST.director());
    }
    environment =
        Map.ofEntries(
            Map.entry("EARSHOT_KAFKA", bootstrap),
            Map.entry("EARSHOT_HTTP_HOST", "localhost"),
            Map.entry("EARSHOT_HTTP_PORT", Integer.toString(port)),
            Map.entry("EARSHOT_INSTANCE", instance),
            Map.entry("EARSHOT_STATE_DIR", directory.resolve(instance).toString()),
            Map.entry("EARSHOT_DEVICE_PARTITIONS", Integer.toString(partitions)),
            Map.entry("EARSHOT_ADMIN_TOKEN", TOKEN),
            Map.entry("EARSHOT_TICK", "PT0.1S"),
            Map.entry("EARSHOT_RESEND_AFTER", "PT1S"),
            Map.entry("EARSHOT_FLEET_CLOCK", clock.specification()),
            Map.entry("EARSHOT_DIRECTOR_KEY", key.toString()));
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
                RolloutMain.class.getName())
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

  /** Whether it answers; it must not have ended by itself. */
  boolean isReady() throws IOException, InterruptedException {
    if (process == null || !process.isAlive()) {
      throw new AssertionError(instance + " has ended by itself: " + Files.readString(log));
    }
    return get("/health/ready").startsWith("200");
  }

  /** The value of a metric without labels; 0 while it can't be read. */
  double metric(String name) throws InterruptedException {
    return get("/metrics")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  RolloutClient client() {
    return new RolloutClient(URI.create("http://localhost:" + port), TOKEN);
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
              HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + "\n" + answer.body();
    } catch (IOException e) {
      return "not there";
    }
  }
}
