package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dev.earshot.agent.AgentSettings;
import dev.earshot.agent.FactoryImage;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.Order;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.Install;
import dev.earshot.protocol.v1.Slot;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The whole program against a real MQTT server and a real HTTP server, with the benchmark's model
 * and audio.
 */
class FleetRunIT {
  private static final LocalTrust TRUST =
      LocalTrust.generate(Instant.parse("2100-01-01T00:00:00Z"));

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<DeviceStatus> statuses = new LinkedBlockingQueue<>();
  private final BlockingQueue<Heartbeat> heartbeats = new LinkedBlockingQueue<>();
  private final StringWriter out = new StringWriter();
  private MqttServer gateway;
  private HttpServer registry;
  private volatile @Nullable MqttEndpoint session;
  private volatile @Nullable String subscribed;

  @BeforeEach
  void start() throws Exception {
    gateway =
        MqttServer.create(vertx, new MqttServerOptions().setHost("127.0.0.1").setPort(0))
            .endpointHandler(this::connected)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.start();
  }

  @AfterEach
  void stop() throws Exception {
    registry.stop(0);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void connected(MqttEndpoint endpoint) {
    assertEquals("home/kitchen-1", endpoint.clientIdentifier());
    assertEquals("home/kitchen-1", endpoint.auth().getUsername());
    session = endpoint;
    endpoint.publishAutoAck(false);
    endpoint.publishHandler(
        message -> {
          take(message.topicName(), message.payload().getBytes());
          endpoint.publishAcknowledge(message.messageId());
        });
    endpoint.subscribeHandler(
        subscribe -> {
          subscribed = subscribe.topicSubscriptions().getFirst().topicName();
          endpoint.subscribeAcknowledge(subscribe.messageId(), List.of(MqttQoS.AT_LEAST_ONCE));
        });
    endpoint.accept(false);
  }

  private void take(String topic, byte[] payload) {
    try {
      switch (topic) {
        case "earshot/v1/home/kitchen-1/status" -> statuses.add(DeviceStatus.parseFrom(payload));
        case "earshot/v1/home/kitchen-1/heartbeat" -> heartbeats.add(Heartbeat.parseFrom(payload));
        default -> throw new AssertionError(topic);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void fileOnce_isReportedInAHeartbeatBeforeTheCommandEnds() throws Exception {
    int exit =
        new CommandLine(new DeviceRunCommand())
            .setOut(new PrintWriter(out, true))
            .execute(
                "--audio",
                SharedData.file("audio/marvin_617de221_0.wav").toString(),
                "--model",
                model().toString(),
                "--gateway",
                "127.0.0.1:" + gateway.actualPort(),
                "--device",
                "home/kitchen-1",
                "--environment",
                "kitchen",
                "--trust",
                trustFolder().toString(),
                "--state",
                directory.toString(),
                "--fast");
    assertEquals(0, exit);
    assertTrue(out.toString().contains("wake  score"), out.toString());

    DeviceStatus birth = statuses.take();
    assertEquals("ndp120", birth.getAttributes().getChip());
    assertEquals("local:0.0.0", birth.getSlots(0).getRelease());
    assertEquals(1, heartbeats.stream().mapToInt(Heartbeat::getWakes).sum());
    Heartbeat heard =
        heartbeats.stream().filter(heartbeat -> heartbeat.getWakes() > 0).findFirst().orElseThrow();
    assertEquals(Environment.KITCHEN, heard.getEnvironment());
    assertEquals(
        heard.getInferences(), heard.getScoreHistogramList().stream().mapToInt(i -> i).sum());
    assertTrue(heard.getNdpEnergyUj() > 0);
    assertTrue(Files.notExists(directory.resolve("running")), "it ended in order");
  }

  @Test
  void installOverTheWire_isTriedAndCommittedAndSurvivesARestart() throws Exception {
    FactoryImage old = LocalRelease.image(Files.readAllBytes(model()), Card.without("ndp120"));
    SignedManifest signed = publish(old);
    try (FleetRun run = device(old)) {
      run.start(audio());
      await(statuses, status -> !status.hasUpdate());
      assertEquals("earshot/v1/home/kitchen-1/command", subscribed);

      tell(signed);

      DeviceStatus committed =
          await(
              statuses,
              status ->
                  status.getUpdate().getState() == dev.earshot.protocol.v1.UpdateState.COMMITTED);
      assertEquals(Slot.SLOT_B, committed.getActiveSlot());
      assertEquals("marvin:2.0.0", committed.getSlots(1).getRelease());
      await(heartbeats, heartbeat -> heartbeat.getRelease().equals("marvin:2.0.0"));
    }
    statuses.clear();
    try (FleetRun again = device(old)) {
      again.start(audio());
      DeviceStatus birth = await(statuses, status -> true);
      assertEquals(2, birth.getBootId());
      assertEquals(Slot.SLOT_B, birth.getActiveSlot());
      assertEquals(dev.earshot.protocol.v1.UpdateState.COMMITTED, birth.getUpdate().getState());
    }
  }

  @Test
  void undoAtTheDevice_bringsTheModelBeforeBack_andSaysThatItWasByHand() throws Exception {
    FactoryImage old = LocalRelease.image(Files.readAllBytes(model()), Card.without("ndp120"));
    SignedManifest signed = publish(old);
    try (FleetRun run = device(old)) {
      run.start(audio());
      await(statuses, status -> !status.hasUpdate());
      tell(signed);
      await(
          statuses,
          status -> status.getUpdate().getState() == dev.earshot.protocol.v1.UpdateState.COMMITTED);

      assertEquals(
          0,
          new CommandLine(new DeviceUndoCommand())
              .execute("--state", directory.toString(), "--reason", "wakes to the kettle"));

      DeviceStatus back = await(statuses, status -> status.getActiveSlot() == Slot.SLOT_A);
      DeviceStatus told =
          back.getUpdate().getState() == dev.earshot.protocol.v1.UpdateState.ROLLED_BACK
              ? back
              : await(
                  statuses,
                  status ->
                      status.getUpdate().getState()
                          == dev.earshot.protocol.v1.UpdateState.ROLLED_BACK);
      assertTrue(told.getUpdate().getText().contains("wakes to the kettle"), told::toString);
      await(heartbeats, heartbeat -> heartbeat.getRelease().equals("local:0.0.0"));
    }
    StringWriter err = new StringWriter();
    assertEquals(
        3,
        new CommandLine(new DeviceUndoCommand())
            .setErr(new PrintWriter(err, true))
            .execute("--state", directory.resolve("nowhere").toString(), "--reason", "x"));
    assertTrue(err.toString().endsWith("nowhere: no device lives here\n"), err.toString());
  }

  @Test
  void connectionThatBreaks_isMadeAnewWithABirth() throws Exception {
    FactoryImage old = LocalRelease.image(Files.readAllBytes(model()), Card.without("ndp120"));
    try (FleetRun run = device(old)) {
      run.start(audio());
      await(statuses, status -> status.getSequence() == 0);
      MqttEndpoint broken = session;
      assertTrue(broken != null);
      broken.close();
      await(statuses, status -> status.getSequence() == 1);
    }
  }

  private FleetRun device(FactoryImage image) throws Exception {
    return new FleetRun(
        new FleetRun.Identity(
            DeviceId.parse("home/kitchen-1"),
            DeviceAttributes.newBuilder().setChip("ndp120").build(),
            ChipProfile.NDP120,
            Environment.KITCHEN,
            GatewaySettings.plain(
                GatewayAddress.parse("127.0.0.1:" + gateway.actualPort()), "home/kitchen-1"),
            directory,
            Optional.of(image)),
        AgentSettings.defaults(TRUST.anchors()).withHeartbeatInterval(Duration.ofMillis(500)),
        FleetClock.realTime(),
        new PrintWriter(out, true));
  }

  /** The same model as a newer, signed release. */
  private SignedManifest publish(FactoryImage image) {
    ReleaseManifest local = SignedManifest.parse(image.manifest()).manifest();
    SignedManifest signed =
        SignedManifest.sign(
            new ReleaseManifest(
                ReleaseRef.parse("marvin:2.0.0"),
                2,
                Instant.parse("2100-01-01T00:00:00Z"),
                List.of("ndp120"),
                "the same again",
                local.model(),
                local.selfTest(),
                local.evaluation(),
                local.card(),
                local.detector(),
                local.frontEnd()),
            List.of(TRUST.publisher()));
    serve("/v1/releases/marvin/2.0.0/manifest", signed.bytes().toArray());
    serve("/v2/marvin/blobs/" + local.model().digest(), image.model());
    serve("/v2/marvin/blobs/" + local.selfTest().digest(), image.selfTest());
    TRUST
        .list(
            TRUST.repository(Instant.now()),
            signed.manifest().release().manifestPath(),
            signed.target(),
            Instant.now())
        .files()
        .forEach((name, content) -> serve("/v1/trust/image/" + name, content));
    return signed;
  }

  private Path trustFolder() throws IOException {
    Path folder = directory.resolve("pinned");
    TRUST.anchors().write(folder);
    return folder;
  }

  private void serve(String path, byte[] content) {
    registry.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
  }

  private void tell(SignedManifest signed) {
    DeviceCommand command =
        DeviceCommand.newBuilder()
            .setCommandId("c1")
            .setRollout("r-1")
            .setInstall(
                Install.newBuilder()
                    .setRelease("marvin:2.0.0")
                    .setManifestDigest(ByteString.copyFrom(signed.digest().bytes()))
                    .setRegistryUrl("http://127.0.0.1:" + registry.getAddress().getPort())
                    .setTrialSeconds(1))
            .setDirector(ByteString.copyFrom(TRUST.sign(order(signed))))
            .build();
    MqttEndpoint endpoint = session;
    assertTrue(endpoint != null);
    endpoint.publish(
        "earshot/v1/home/kitchen-1/command",
        Buffer.buffer(command.toByteArray()),
        MqttQoS.AT_LEAST_ONCE,
        false,
        false);
  }

  private static Order order(SignedManifest signed) {
    Instant now = Instant.now();
    return new Order(
        1,
        now.plus(Duration.ofDays(1)),
        DeviceId.parse("home/kitchen-1"),
        "c1",
        "r-1",
        Order.Action.INSTALL,
        Optional.of(
            new Order.Target(
                "marvin/2.0.0/manifest.json", signed.bytes().toArray().length, signed.digest())),
        1,
        now);
  }

  private static <T> T await(BlockingQueue<T> queue, Predicate<T> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    T last = null;
    while (System.nanoTime() < deadline) {
      T next = queue.poll(1, TimeUnit.SECONDS);
      if (next != null && wanted.test(next)) {
        return next;
      }
      last = next == null ? last : next;
    }
    throw new AssertionError("did not come within 30 s; the last that came: " + last);
  }

  private static Path model() {
    return SharedData.file("models/str_ww_ref_model.tflite");
  }

  private static AudioSource audio() throws IOException {
    return AudioSource.Recording.read(SharedData.file("audio/short_wav_easy10s.wav"), true, true);
  }
}
