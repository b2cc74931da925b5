package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.outbox.RingOutbox;
import dev.earshot.agent.port.Outbox;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.v1.Heartbeat;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: it hears from a pipe, is told to end, or is killed. */
class AgentProcessIT {
  /** More than the pipe and the program's own buffers hold, so that some of it has been heard. */
  private static final byte[] EIGHT_SECONDS = new byte[8 * 32_000];

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<Heartbeat> heartbeats = new LinkedBlockingQueue<>();
  private Path config;
  private @Nullable Process process;

  @BeforeEach
  void files() throws IOException {
    LocalTrust.generate(Instant.now().plusSeconds(3600)).anchors().write(folder.resolve("trust"));
    Path release = Path.of("..", "..", "model-registry", "releases", "hey-nova-1.0.0");
    config =
        Files.writeString(
            folder.resolve("agent.yaml"),
            """
            device: home/kitchen-1
            state: state
            trust: trust
            audio: {file: "-"}
            model: {file: "%s", card: "%s"}
            gateway: {url: "mqtt://127.0.0.1:1"}
            heartbeat: {interval: 1s}
            """
                .formatted(
                    release.resolve("model.tflite").toAbsolutePath().normalize(),
                    release.resolve("card.yaml").toAbsolutePath().normalize()));
  }

  @AfterEach
  void stop() throws Exception {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().waitFor();
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Process program(String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                AgentProgram.class.getName(),
                "--config",
                config.toString()));
    command.addAll(List.of(more));
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    process = started;
    return started;
  }

  private void hear(Process program) throws IOException {
    OutputStream microphone = program.getOutputStream();
    microphone.write(EIGHT_SECONDS);
    microphone.flush();
  }

  private int exit(Process program) throws IOException, InterruptedException {
    assertTrue(program.waitFor(60, TimeUnit.SECONDS), "it ends");
    return program.exitValue();
  }

  private List<Heartbeat> kept() throws IOException {
    try (RingOutbox outbox = RingOutbox.open(folder.resolve("state").resolve("outbox"), 96)) {
      return outbox.restore().waiting().stream().map(AgentProcessIT::parsed).toList();
    }
  }

  private static Heartbeat parsed(Outbox.Entry entry) {
    try {
      return Heartbeat.parseFrom(entry.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void toldToEnd_keepsWhatItHeardAndEndsInOrder() throws Exception {
    Process program = program("--heartbeat", "3600");
    hear(program);
    program.destroy();
    assertEquals(143, exit(program), Files.readString(folder.resolve("log")));
    List<Heartbeat> kept = kept();
    assertTrue(kept.getLast().getListeningMs() > 1000, kept.toString());
    assertEquals(1, kept.getLast().getBootId());
    assertTrue(Files.notExists(folder.resolve("state").resolve("running")));
  }

  @Test
  void killed_sendsWhatWaitedFirstAndSaysThatItWasKilled() throws Exception {
    Process killed = program();
    hear(killed);
    hear(killed);
    while (kept().stream().mapToInt(Heartbeat::getListeningMs).sum() == 0) {
      assertTrue(killed.isAlive(), Files.readString(folder.resolve("log")));
      hear(killed);
    }
    killed.destroyForcibly().waitFor();
    List<Heartbeat> kept = kept();

    Process again = program("--gateway", "127.0.0.1:" + gateway());
    for (Heartbeat expected : kept) {
      assertEquals(expected, heartbeats.poll(60, TimeUnit.SECONDS));
    }
    again.getOutputStream().close();
    assertEquals(ExitCode.ENDED, exit(again), Files.readString(folder.resolve("log")));
    List<Heartbeat> later = new ArrayList<>(heartbeats);
    assertTrue(later.stream().allMatch(heartbeat -> heartbeat.getBootId() == 2), later.toString());
    assertEquals(1, later.stream().mapToInt(Heartbeat::getUnexpectedReboots).sum());
    assertTrue(kept().isEmpty());
  }

  private int gateway() throws Exception {
    return MqttServer.create(vertx, new MqttServerOptions().setHost("127.0.0.1").setPort(0))
        .endpointHandler(this::connected)
        .listen()
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .actualPort();
  }

  private void connected(MqttEndpoint endpoint) {
    endpoint.publishHandler(
        message -> {
          if (message.topicName().endsWith("/heartbeat")) {
            try {
              heartbeats.add(Heartbeat.parseFrom(message.payload().getBytes()));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
          endpoint.publishAcknowledge(message.messageId());
        });
    endpoint.publishAutoAck(false);
    endpoint.subscribeHandler(
        subscribe ->
            endpoint.subscribeAcknowledge(subscribe.messageId(), List.of(MqttQoS.AT_LEAST_ONCE)));
    endpoint.accept(false);
  }
}
