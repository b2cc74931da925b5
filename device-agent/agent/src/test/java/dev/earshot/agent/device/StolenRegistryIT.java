package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.earshot.agent.Agent;
import dev.earshot.agent.AgentPorts;
import dev.earshot.agent.AgentSettings;
import dev.earshot.agent.FactoryImage;
import dev.earshot.agent.port.ActiveModel;
import dev.earshot.agent.port.Listening;
import dev.earshot.agent.port.Outbox;
import dev.earshot.agent.port.Supply;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseManifest.Detector;
import dev.earshot.protocol.release.ReleaseManifest.Target;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.Order;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.Install;
import dev.earshot.protocol.v1.SelfTest;
import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.protocol.v1.UpdateResult;
import dev.earshot.protocol.v1.UpdateState;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thief's registry on a real socket, and a device with real files and real HTTP. */
class StolenRegistryIT {
  private static final DeviceId ID = DeviceId.parse("home/kitchen-1");
  private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");
  private static final LocalTrust TRUST = LocalTrust.generate(FAR);
  private static final byte[] MODEL = new byte[100_000];
  private static final byte[] VECTORS =
      SelfTest.newBuilder().addVectors(SelfTest.Vector.getDefaultInstance()).build().toByteArray();

  @TempDir private Path directory;
  private final BlockingQueue<UpdateReport> reports = new LinkedBlockingQueue<>();
  private final Map<String, byte[]> files = new HashMap<>();
  private final Map<String, Handler> attacks = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AgentLoop loop = new AgentLoop(FleetClock.realTime());
  private final HttpFetcher fetcher =
      new HttpFetcher(loop, new Tls(TlsFiles.NONE, InstantSource.system()));
  private volatile String listensWith = "nothing";
  private HttpServer registry;
  private FileFlash flash;
  private Agent agent;
  private SignedManifest next;

  /** What the thief answers. */
  private interface Handler {
    void answer(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void start() throws Exception {
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.setExecutor(threads);
    registry.createContext("/", this::serve);
    registry.start();
    next = signed("hey-nova:1.1.0", 2);
    publish();
    flash = new FileFlash(directory, 1 << 20);
    var _ =
        new FactoryImage(signed("hey-nova:1.0.0", 1).bytes().toArray(), VECTORS, MODEL)
            .installOn(flash);
    agent = agent();
    loop.call(
        () -> {
          agent.start();
          agent.onConnected();
          return true;
        });
  }

  @AfterEach
  void stop() throws IOException {
    loop.close();
    fetcher.close();
    flash.close();
    registry.stop(0);
    threads.shutdownNow();
  }

  private static SignedManifest signed(String release, int counter) {
    Target none = Target.of("{}".getBytes(StandardCharsets.UTF_8));
    return SignedManifest.sign(
        new ReleaseManifest(
            ReleaseRef.parse(release),
            counter,
            FAR,
            List.of("ndp120"),
            "made up",
            Target.of(model(counter)),
            Target.of(VECTORS),
            none,
            none,
            new Detector(0, 100, 1, 1000),
            "streaming-wake-word"),
        List.of(TRUST.publisher()));
  }

  private static byte[] model(int counter) {
    byte[] model = MODEL.clone();
    model[0] = (byte) (counter - 1);
    return model;
  }

  private void publish() {
    ReleaseManifest manifest = next.manifest();
    files.put("/v1/releases/hey-nova/1.1.0/manifest", next.bytes().toArray());
    files.put("/v2/hey-nova/blobs/" + manifest.model().digest(), model(2));
    files.put("/v2/hey-nova/blobs/" + manifest.selfTest().digest(), VECTORS);
    TRUST
        .list(
            TRUST.repository(Instant.now()),
            manifest.release().manifestPath(),
            next.target(),
            Instant.now())
        .files()
        .forEach((name, bytes) -> files.put("/v1/trust/image/" + name, bytes));
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.computeIfAbsent(path, key -> new AtomicInteger()).incrementAndGet();
      Handler attack = attacks.get(path);
      byte[] file = files.get(path);
      if (attack != null) {
        attack.answer(exchange);
      } else if (file == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        send(exchange, file);
      }
    }
  }

  private static void send(HttpExchange exchange, byte[] file) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (range != null) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (file.length - 1) + "/" + file.length);
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, file.length - from);
    exchange.getResponseBody().write(file, from, file.length - from);
  }

  private Agent agent() throws IOException {
    return new Agent(
        ID,
        DeviceAttributes.newBuilder().setChip("ndp120").build(),
        AgentSettings.defaults(TRUST.anchors()),
        new AgentPorts(
            this::published,
            fetcher,
            flash,
            new Ear(),
            loop,
            FleetClock.realTime(),
            new SplittableRandom(1),
            Supply.mains(),
            Outbox.forgetful()));
  }

  private CompletableFuture<Void> published(Channel channel, byte[] payload) {
    if (channel == Channel.STATUS) {
      try {
        DeviceStatus status = DeviceStatus.parseFrom(payload);
        if (status.hasUpdate()) {
          reports.add(status.getUpdate());
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    loop.execute(() -> acknowledged.complete(null));
    return acknowledged;
  }

  /** Says what it listens with, and passes every self-test. */
  private final class Ear implements Listening {
    @Override
    public SelfTestResult selfTest(ReleaseManifest manifest, byte[] model, SelfTest vectors) {
      return new SelfTestResult.Passed();
    }

    @Override
    public void use(ActiveModel model) {
      assertEquals(Target.of(model.model()), model.manifest().model());
      listensWith = model.manifest().release().toString();
    }

    @Override
    public Vitals vitals() {
      return new Vitals(1, 1, 0);
    }

    @Override
    public void drain(Heartbeat.Builder into) {
      into.setListeningMs(1).setInferences(1);
    }
  }

  private UpdateReport install(String id, long version) throws Exception {
    String url = "http://127.0.0.1:" + registry.getAddress().getPort();
    Instant now = Instant.now();
    Order order =
        new Order(
            version,
            now.plus(Duration.ofDays(1)),
            ID,
            id,
            "r-1",
            Order.Action.INSTALL,
            Optional.of(
                new Order.Target(
                    "hey-nova/1.1.0/manifest.json", next.bytes().toArray().length, next.digest())),
            1,
            now);
    byte[] command =
        DeviceCommand.newBuilder()
            .setCommandId(id)
            .setRollout("r-1")
            .setInstall(
                Install.newBuilder()
                    .setRelease("hey-nova:1.1.0")
                    .setManifestDigest(ByteString.copyFrom(next.digest().bytes()))
                    .setRegistryUrl(url)
                    .setTrialSeconds(1))
            .setDirector(ByteString.copyFrom(TRUST.sign(order)))
            .build()
            .toByteArray();
    loop.execute(() -> agent.onCommand(command));
    return ended(id);
  }

  private UpdateReport ended(String id) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < deadline) {
      UpdateReport report = reports.poll(1, TimeUnit.SECONDS);
      if (report != null
          && report.getCommandId().equals(id)
          && List.of(UpdateState.COMMITTED, UpdateState.FAILED, UpdateState.REJECTED)
              .contains(report.getState())) {
        return report;
      }
    }
    throw new AssertionError(id + " has not ended within 60 s");
  }

  private void assertHeldThenRecovers(UpdateReport report, UpdateResult result, String text)
      throws Exception {
    assertEquals(result, report.getResult(), report.getText());
    assertTrue(report.getText().contains(text), report.getText());
    assertEquals("hey-nova:1.0.0", listensWith);
    attacks.clear();
    assertEquals(UpdateState.COMMITTED, install("after", 100).getState());
    assertEquals("hey-nova:1.1.0", listensWith);
  }

  /** Until the device hangs up. */
  private void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] more = new byte[8192];
    Arrays.fill(more, (byte) '[');
    try (OutputStream body = exchange.getResponseBody()) {
      while (!Thread.currentThread().isInterrupted()) {
        body.write(more);
        sent.addAndGet(more.length);
      }
    } catch (IOException e) {
      // the device has hung up
    }
  }

  @Test
  void honestRegistry_isInstalledFrom() throws Exception {
    assertEquals(UpdateState.COMMITTED, install("c1", 1).getState());
    assertEquals("hey-nova:1.1.0", listensWith);
  }

  @Test
  void endlessTimestamp_isHungUpOn() throws Exception {
    attacks.put("/v1/trust/image/timestamp.json", this::endless);
    UpdateReport report = install("c1", 1);
    assertHeldThenRecovers(
        report, UpdateResult.INTEGRITY_CHECK_FAILURE, "timestamp.json: more than 65536 bytes");
    assertTrue(sent.get() < 32 << 20, sent + " bytes went into the sockets' buffers at most");
  }

  @Test
  void endlessModel_isHungUpOn() throws Exception {
    attacks.put("/v2/hey-nova/blobs/" + next.manifest().model().digest(), this::endless);
    assertHeldThenRecovers(
        install("c1", 1), UpdateResult.INTEGRITY_CHECK_FAILURE, "more than 100000 bytes");
  }

  @Test
  void modelOfTheThief_isNotInstalled() throws Exception {
    byte[] evil = model(2);
    evil[77] ^= 1;
    attacks.put(
        "/v2/hey-nova/blobs/" + next.manifest().model().digest(), exchange -> send(exchange, evil));
    assertHeldThenRecovers(
        install("c1", 1), UpdateResult.INTEGRITY_CHECK_FAILURE, "MODEL does not have the digest");
  }

  @Test
  void connectionsThatAreCutInEveryDocument_areMadeAgain() throws Exception {
    for (String path : files.keySet()) {
      attacks.put(
          path,
          exchange -> {
            byte[] file = files.getOrDefault(path, new byte[0]);
            if (asked.getOrDefault(path, new AtomicInteger()).get() > 1) {
              send(exchange, file);
              return;
            }
            exchange.sendResponseHeaders(200, file.length);
            exchange.getResponseBody().write(file, 0, file.length / 2);
            exchange.getResponseBody().flush();
            throw new IOException("the thief hangs up");
          });
    }
    UpdateReport report = install("c1", 1);
    assertEquals(UpdateState.COMMITTED, report.getState(), report.getText());
    assertEquals("hey-nova:1.1.0", listensWith);
  }

  @Test
  void redirectToNowhere_isReported() throws Exception {
    attacks.put(
        "/v1/trust/image/timestamp.json",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/nowhere");
          exchange.sendResponseHeaders(302, -1);
        });
    assertHeldThenRecovers(install("c1", 1), UpdateResult.INVALID_URI, "HTTP 404");
  }
}
