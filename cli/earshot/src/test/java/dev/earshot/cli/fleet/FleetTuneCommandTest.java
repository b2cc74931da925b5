package dev.earshot.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.earshot.cli.Connection.Endpoints;
import dev.earshot.cli.Earshot;
import dev.earshot.cli.trust.LocalTrustFolder;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.protocol.trust.KeyFile;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.client.ReleaseFolder;
import dev.earshot.registry.gc.GarbageCollector;
import dev.earshot.registry.gc.GcMetrics;
import dev.earshot.registry.http.RegistryRouter;
import dev.earshot.registry.ledger.Change;
import dev.earshot.registry.ledger.PinnedRoots;
import dev.earshot.registry.ledger.RegistryLedger;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.registry.release.EvaluationReader;
import dev.earshot.registry.release.Publishing;
import dev.earshot.registry.release.ReleaseCard;
import dev.earshot.registry.release.ReleaseGate;
import dev.earshot.registry.trust.OnlineKeys;
import dev.earshot.registry.trust.TrustPlane;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command as a person types it, against the registry's real HTTP and gate with a bundled
 * release in it, and a monitoring that speaks the contract.
 */
final class FleetTuneCommandTest {
  private static final String TOKEN = "token";
  private static final ReleaseRef PARENT = ReleaseRef.parse("hey-nova:1.1.0");

  @TempDir private Path data;
  private final Vertx vertx = Vertx.vertx();
  private final List<String> asked = new ArrayList<>();
  private String scores = scores(400, 22, 10);
  private HttpServer monitoring;
  private io.vertx.core.http.HttpServer registry;
  private RegistryClient client;

  private record Outcome(int exitCode, String out, String err) {}

  @BeforeEach
  void start() throws IOException {
    monitoring = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    monitoring.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          byte[] body = scores.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    monitoring.start();
    BlobStore blobs = BlobStore.open(data.resolve("blobs"), 1 << 20);
    InstantSource clock = InstantSource.system();
    LocalTrust keys = LocalTrustFolder.in(data).open(clock.instant());
    Ledger ledger = new Ledger(RegistryState.of(PinnedRoots.of(keys)));
    ReleaseGate gate = new ReleaseGate(blobs, ledger::state, clock);
    TrustPlane trust =
        new TrustPlane(
            ledger,
            new OnlineKeys(List.of(keys.online())),
            clock,
            ImageRepository.Validity.DEFAULT);
    registry =
        vertx
            .createHttpServer()
            .requestHandler(
                RegistryRouter.create(
                    vertx,
                    blobs,
                    new GarbageCollector(
                        blobs,
                        () -> ledger.state().catalog(),
                        Duration.ofDays(1),
                        new GcMetrics(new CollectorRegistry())),
                    new Publishing(gate, ledger, clock),
                    ledger,
                    trust,
                    new CollectorRegistry(),
                    TOKEN))
            .listen(0, "127.0.0.1")
            .await();
    URI registryUrl = URI.create("http://127.0.0.1:" + registry.actualPort());
    URI monitoringUrl = URI.create("http://localhost:" + monitoring.getAddress().getPort());
    new Endpoints(registryUrl, registryUrl, monitoringUrl, registryUrl, "", "", TOKEN, "real")
        .write(data);
    client = new RegistryClient(registryUrl, TOKEN);
    assertTrue(client.putMetadata("image", "1.targets.json", keys.firstTargets().bytes(), false));
    for (String version : List.of("1.0.0", "1.1.0")) {
      ReleaseFolder folder = ReleaseFolder.read(folder(version));
      var _ =
          client.push(folder, folder.sign(keys.publisher(), Instant.parse("2099-01-01T00:00:00Z")));
    }
  }

  /** A bundled release; the parent listens for a second word, too. */
  private Path folder(String version) throws IOException {
    Path bundled = root().resolve("model-registry/releases/hey-nova-" + version);
    if (!version.equals(PARENT.version())) {
      return bundled;
    }
    Path copy = Files.createDirectory(data.resolve(version));
    for (String file : List.of("model.tflite", "evaluation.json", "self-test.pb")) {
      Files.copy(bundled.resolve(file), copy.resolve(file));
    }
    String card = Files.readString(bundled.resolve("card.yaml"));
    Files.writeString(
        copy.resolve("card.yaml"),
        card.replace(
            "  refractoryMillis: 1000\n",
            "  refractoryMillis: 1000\n  words:\n  - {label: stop, wakeClass: 1, thresholdScore: 110,"
                + " smoothingFrames: 8, refractoryMillis: 500}\n"));
    return copy;
  }

  @AfterEach
  void stop() {
    client.close();
    monitoring.stop(0);
    registry.close().await();
    vertx.close().await();
  }

  /** A kitchen with false accepts at 72 to 79 and 80 to 87, and a car where nothing happened. */
  private static String scores(int confirmed, int low, int high) {
    return """
    {"release":"hey-nova:1.1.0","fleet":"home","environments":[
      {"environment":"kitchen","listeningHours":500.0,"wakes":%d,"falseAccepts":%d,
       "suspectedFalseRejects":20,"inferenceScores":%s,"confirmedWakeScores":%s,
       "falseAcceptScores":%s,"suspectedFalseRejectScores":%s,"nearMissScores":%s},
      {"environment":"car","listeningHours":100.0,"wakes":0,"falseAccepts":0,
       "suspectedFalseRejects":0,"inferenceScores":%s,"confirmedWakeScores":[],
       "falseAcceptScores":[],"suspectedFalseRejectScores":[],"nearMissScores":[]}]}
    """
        .formatted(
            confirmed + low + high,
            low + high,
            buckets(0, 0, 0, 0),
            buckets(30, confirmed, 0, 0),
            buckets(25, low, 26, high),
            buckets(22, 20, 0, 0),
            buckets(20, 70, 0, 0),
            buckets(0, 0, 0, 0));
  }

  private static List<Long> buckets(int first, long count, int second, long other) {
    List<Long> buckets = new ArrayList<>(Collections.nCopies(32, 0L));
    buckets.set(first, buckets.get(first) + count);
    buckets.set(second, buckets.get(second) + other);
    return buckets;
  }

  @Test
  void tune_showsEveryEnvironmentAndTheFleet() {
    Outcome outcome = run("hey-nova:1.1.0", "--fleet=home");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertEquals(List.of("/v1/scores/hey-nova/1.1.0?fleet=home"), asked);
    assertTrue(
        outcome
            .out()
            .startsWith(
                "hey-nova:1.1.0 in fleet home: 600.0 listening hours at threshold 69, 32 false"
                    + " accepts, 400 confirmed wakes, 20 suspected misses\n"),
        outcome.out());
    assertTrue(
        outcome.out().contains("      69 * 0.064 [0.044, 0.090]           4.8 [2.9, 7.3]\n"),
        outcome.out());
    assertTrue(
        outcome.out().contains("      79   0.020 [0.010, 0.037]           4.8 [2.9, 7.3]\n"),
        outcome.out());
    assertTrue(outcome.out().contains("      55 ? between 0.0"), outcome.out());
    assertTrue(outcome.out().contains("\ncar "), outcome.out());
    assertTrue(outcome.out().contains("\ntotal "), outcome.out());
  }

  @Test
  void target_choosesAndPublishesADetectorOnlyRelease() {
    Outcome outcome = run("hey-nova:1.1.0", "--fleet=home", "--target-fah=0.04", "--publish=1.1.1");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertTrue(
        outcome.out().contains("threshold 79: 0.017 [0.008, 0.031] false accepts/h"),
        outcome.out());
    assertTrue(outcome.out().contains("published hey-nova:1.1.1  counter 3  sha256:"));

    String listed =
        new String(
            client.metadata("image", "1.publisher.json").orElseThrow(), StandardCharsets.UTF_8);
    assertTrue(listed.contains("hey-nova/1.1.1/manifest.json"), listed);
    int fetched = client.manifest(ReleaseRef.parse("hey-nova:1.1.1")).bytes().toArray().length;
    assertTrue(outcome.out().contains(" fetch " + fetched + " bytes: its manifest"));
    assertTrue(fetched < 1500, fetched + " bytes");

    ReleaseManifest old = client.manifest(PARENT).manifest();
    ReleaseManifest next = client.manifest(ReleaseRef.parse("hey-nova:1.1.1")).manifest();
    assertEquals(old.model(), next.model());
    assertEquals(old.selfTest(), next.selfTest());
    assertEquals(79, next.detector().thresholdScore());
    assertEquals(old.detector().withThreshold(79), next.detector());
    assertEquals(
        List.of(new ReleaseManifest.Word("stop", 1, 110, 8, 500)), next.detector().words());
    assertEquals(
        "hey-nova:1.1.0 with threshold 79 instead of 69, tuned from 600 listening hours in the"
            + " field",
        next.description());
    Evaluation evaluation =
        EvaluationReader.parse(client.blob("hey-nova", next.evaluation().digest()));
    assertEquals(79, evaluation.thresholdScore());
    assertTrue(
        evaluation
            .corpus()
            .contains("; read at threshold 79 instead of 69, which fleet home chose: in 600.0"),
        evaluation.corpus());
    Evaluation measured =
        EvaluationReader.parse(client.blob("hey-nova", old.evaluation().digest()));
    for (int i = 0; i < measured.environments().size(); i++) {
      var before = measured.environments().get(i);
      var after = evaluation.environments().get(i);
      assertEquals(before.at(79).orElseThrow().falseRejectRate(), after.falseRejectRate(), 1e-9);
      assertEquals(
          before.at(79).orElseThrow().falseAcceptsPerHour(), after.falseAcceptsPerHour(), 1e-9);
    }
    byte[] card = client.blob("hey-nova", next.card().digest());
    assertEquals(PARENT, ReleaseCard.parse(card).lineage().parent());
    assertTrue(
        new String(card, StandardCharsets.UTF_8)
            .startsWith("# The model of hey-nova:1.1.0 with another threshold.\n"));
    assertArrayEquals(
        client.blob("hey-nova", old.model().digest()),
        client.blob("hey-nova", next.model().digest()));
  }

  @Test
  void json_tellsEveryThreshold() throws IOException {
    Outcome outcome = run("hey-nova:1.1.0", "--threshold=79", "--json");
    assertEquals(0, outcome.exitCode(), outcome.err());
    JsonNode root = new ObjectMapper().readTree(outcome.out());
    assertEquals(69, root.path("runningThreshold").asInt());
    assertEquals(79, root.path("chosenThreshold").asInt());
    assertEquals(8, root.path("bucketScores").asInt());
    JsonNode lowest = root.path("total").path("thresholds").path(0);
    assertEquals("bounded", lowest.path("kind").asText());
    assertTrue(lowest.path("falseAcceptsPerHour").path("estimate").isMissingNode());
  }

  @Test
  void releaseOfAnotherPublisher_isNotRetuned() throws IOException {
    Path other = data.resolve("other.key");
    KeyFile.writePlain(other, SigningKey.generate());
    Outcome outcome = run("hey-nova:1.1.0", "--threshold=79", "--publish=1.1.1", "--key=" + other);
    assertEquals(1, outcome.exitCode());
    assertEquals(
        "earshot: hey-nova:1.1.0 was not signed with this key: signatures: 0 valid from trusted"
            + " publishers (expected: at least 1). Fix: let the publisher of the model move its"
            + " threshold.\n",
        outcome.err());
  }

  @Test
  void mistakes_areSaidInOneLine() {
    assertTrue(run("hey-nova:1.1.0", "--threshold=70").err().contains("such as 71"));
    assertEquals(
        "earshot: nothing is chosen to be published. Fix: add --threshold, --target-fah or"
            + " --target-miss.\n",
        run("hey-nova:1.1.0", "--publish=1.1.1").err());
    assertEquals(
        "earshot: threshold 69 is the one of hey-nova:1.1.0: nothing to publish\n",
        run("hey-nova:1.1.0", "--threshold=69", "--publish=1.1.1").err());
    scores = "{\"environments\":[]}";
    assertEquals(
        "earshot: hey-nova:1.1.0: nobody in all fleets has listened with it yet (expected: at"
            + " least one heartbeat)\n",
        run("hey-nova:1.1.0").err());
  }

  private Outcome run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("fleet", "tune", "--data=" + data));
    all.addAll(List.of(arguments));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      int exitCode =
          Earshot.commandLine()
              .setErr(new PrintWriter(err, true))
              .execute(all.toArray(String[]::new));
      return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString());
    } finally {
      System.setOut(before);
    }
  }

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("model-registry"))) {
      at = Objects.requireNonNull(at.getParent());
    }
    return at;
  }

  /** Kafka's place. */
  private static final class Ledger implements RegistryLedger {
    private volatile RegistryState state;

    Ledger(RegistryState initial) {
      state = initial;
    }

    @Override
    public RegistryState state() {
      return state;
    }

    @Override
    public String problem() {
      return "";
    }

    @Override
    public synchronized <T> T transact(Function<RegistryState, Change<T>> decision) {
      Change<T> change = decision.apply(state);
      state = state.withAll(change.records());
      return change.answer();
    }
  }
}
