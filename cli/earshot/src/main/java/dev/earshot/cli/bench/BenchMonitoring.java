package dev.earshot.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.cli.UserError;
import dev.earshot.monitoring.MonitoringMain;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Monitoring as the process that is measured. */
final class BenchMonitoring implements AutoCloseable {
  private static final String TOKEN = "bench";
  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Path log;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();

  private BenchMonitoring(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  static BenchMonitoring start(String bootstrap, Path folder, int partitions, String heap)
      throws IOException {
    int port = ServiceUnderTest.freePort();
    Path log = folder.resolve("monitoring.log");
    Process process =
        ServiceUnderTest.start(
            MonitoringMain.class,
            List.of("-Xmx" + heap, "-XX:+UseParallelGC"),
            Map.of(
                "EARSHOT_KAFKA",
                bootstrap,
                "EARSHOT_HTTP_HOST",
                "127.0.0.1",
                "EARSHOT_HTTP_PORT",
                Integer.toString(port),
                "EARSHOT_STATE_DIR",
                folder.resolve("state").toString(),
                "EARSHOT_DEVICE_PARTITIONS",
                Integer.toString(partitions),
                "EARSHOT_ADMIN_TOKEN",
                TOKEN),
            log);
    return new BenchMonitoring(process, log, port);
  }

  /** Heartbeats counted so far; 0 while it can't be asked. */
  long heartbeats() throws IOException, InterruptedException {
    HttpResponse<String> answer;
    try {
      answer = get("/v1/health");
    } catch (IOException e) {
      if (!process.isAlive()) {
        throw new UserError("the measured process has ended: " + Files.readString(log), e);
      }
      return 0;
    }
    return answer.statusCode() == 200
        ? JSON.readTree(answer.body()).at("/points/0/heartbeats").asLong()
        : 0;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(WITHIN)
            .header("Authorization", "Bearer " + TOKEN)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Its memory, and the time of all its threads on processors. */
  ProcessMeter.Use use() {
    return new ProcessMeter(List.of(process.pid())).read();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    http.close();
  }
}
