package dev.earshot.cli.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.cli.Connection.Endpoints;
import dev.earshot.cli.Earshot;
import dev.earshot.cli.trust.LocalTrustFolder;
import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.gc.GarbageCollector;
import dev.earshot.registry.gc.GcMetrics;
import dev.earshot.registry.http.RegistryRouter;
import dev.earshot.registry.ledger.Change;
import dev.earshot.registry.ledger.PinnedRoots;
import dev.earshot.registry.ledger.RegistryLedger;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.registry.release.Publishing;
import dev.earshot.registry.release.ReleaseGate;
import dev.earshot.registry.trust.OnlineKeys;
import dev.earshot.registry.trust.TrustPlane;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands as a person types them, against the registry's real HTTP, gate and trust. */
final class ModelCommandsTest {
  private static final String TOKEN = "token";

  @TempDir private Path data;
  private final Vertx vertx = Vertx.vertx();
  private HttpServer registry;

  private record Outcome(int exitCode, String out, String err) {}

  @BeforeEach
  void start() throws IOException {
    BlobStore blobs = BlobStore.open(data.resolve("blobs"), 1 << 20);
    InstantSource clock = InstantSource.system();
    LocalTrust keys = LocalTrustFolder.in(data).open(clock.instant());
    Ledger ledger = new Ledger(RegistryState.of(PinnedRoots.of(keys)));
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
                    new Publishing(new ReleaseGate(blobs, ledger::state, clock), ledger, clock),
                    ledger,
                    trust,
                    new CollectorRegistry(),
                    TOKEN))
            .listen(0, "127.0.0.1")
            .await();
    URI url = URI.create("http://127.0.0.1:" + registry.actualPort());
    new Endpoints(url, url, url, url, "", "", TOKEN, "real").write(data);
    try (RegistryClient client = new RegistryClient(url, TOKEN)) {
      assertTrue(client.putMetadata("image", "1.targets.json", keys.firstTargets().bytes(), false));
    }
  }

  @AfterEach
  void stop() {
    registry.close().await();
    vertx.close().await();
  }

  @Test
  void pushedRelease_isFoundShownAndPulledVerified() throws IOException {
    Outcome pushed = ok(run("push", folder("1.0.0")));
    assertTrue(pushed.out().contains("artifact hey-nova:1.0.0  sha256:"), pushed.out());
    ok(run("push", folder("1.1.0")));
    Outcome again = ok(run("push", folder("1.1.0")));
    assertTrue(again.out().contains("was listed already"), again.out());

    Outcome found = ok(run("list", "--where", "chip = ndp120 and fah < 1", "--sort", "fah"));
    assertTrue(found.out().contains("hey-nova:1.1.0"), found.out());
    assertFalse(found.out().contains("hey-nova:1.0.0"), found.out());
    Outcome shown = ok(run("show", "hey-nova:1.1.0"));
    assertTrue(shown.out().contains("parent     hey-nova:1.0.0"), shown.out());
    assertTrue(
        shown.out().contains("tflite, int8, weights quantized mixed, 11 operators"), shown.out());
    assertTrue(shown.out().contains("0.40 [0.01, 2.23]"), shown.out());

    Path pulled = data.resolve("pulled");
    Outcome pull = ok(run("pull", "hey-nova:1.1.0", pulled.toString()));
    assertTrue(pull.out().contains("verified"), pull.out());
    for (String file : List.of("model.tflite", "card.yaml", "evaluation.json", "self-test.pb")) {
      assertArrayEquals(
          Files.readAllBytes(Path.of(folder("1.1.0")).resolve(file)),
          Files.readAllBytes(pulled.resolve(file)),
          file);
    }
    Outcome onto = run("pull", "hey-nova:1.1.0", pulled.toString());
    assertTrue(onto.err().contains("is not empty. Fix: name a new folder."), onto.err());
  }

  @Test
  void furtherWords_arePushedAndShown() throws IOException {
    Path several = Files.createDirectory(data.resolve("several"));
    for (String file : List.of("model.tflite", "evaluation.json", "self-test.pb")) {
      Files.copy(Path.of(folder("1.0.0")).resolve(file), several.resolve(file));
    }
    Files.writeString(
        several.resolve("card.yaml"),
        Files.readString(Path.of(folder("1.0.0")).resolve("card.yaml"))
            .replace(
                "  refractoryMillis: 1000\n",
                "  refractoryMillis: 1000\n  words:\n  - {label: stop, wakeClass: 1,"
                    + " thresholdScore: 110, smoothingFrames: 8, refractoryMillis: 500}\n"));
    ok(run("push", several.toString()));
    Outcome shown = ok(run("show", "hey-nova:1.0.0"));
    assertTrue(
        shown
            .out()
            .contains(
                "word       stop: class 1, score > 110, smoothed over 8 frames, refractory 500 ms"),
        shown.out());
  }

  @Test
  void decisions_areTakenWithReasonAndAlias() throws IOException {
    ok(run("push", folder("1.0.0")));
    ok(run("push", folder("1.1.0")));
    Outcome approved =
        ok(run("approve", "hey-nova:1.0.0", "--reason", "a week in the lab", "--actor", "ada"));
    assertTrue(
        approved.out().contains("hey-nova:1.0.0 is approved: a week in the lab (ada, "),
        approved.out());
    ok(run("alias", "hey-nova@production", "1.0.0", "--actor", "ada"));
    assertTrue(ok(run("alias", "hey-nova")).out().contains("hey-nova@production  1.0.0  (ada, "));
    assertTrue(ok(run("show", "hey-nova@production")).out().contains("hey-nova:1.0.0  "));
    Outcome diff = ok(run("diff", "hey-nova@production", "hey-nova:1.1.0"));
    assertTrue(diff.out().contains("A  hey-nova:1.0.0  (hey-nova@production)"), diff.out());

    ok(run("deprecate", "hey-nova@production", "--reason", "1.1.0 is better"));
    Outcome revoked = ok(run("revoke", "hey-nova@production", "--reason", "wakes to rain"));
    assertTrue(revoked.out().contains("hey-nova:1.0.0 is revoked: wakes to rain"), revoked.out());
    assertTrue(revoked.out().contains("taken out of the list by role "), revoked.out());
    Outcome pull = run("pull", "hey-nova:1.0.0", data.resolve("pulled").toString());
    assertTrue(pull.err().contains("is not listed by role"), pull.err());
    assertFalse(Files.exists(data.resolve("pulled")));

    Outcome back = run("approve", "hey-nova:1.0.0", "--reason", "sorry");
    assertTrue(back.err().contains("this is final"), back.err());
    ok(run("alias", "hey-nova@production", "--remove"));
    Outcome gone = run("show", "hey-nova@production");
    assertTrue(gone.err().contains("there is no alias hey-nova@production"), gone.err());
    assertEquals(CommandLine.ExitCode.USAGE, run("approve", "hey-nova:1.1.0").exitCode());
  }

  @Test
  void diffOfFolders_needsNoRegistryAndFitsTheTerminal() throws IOException {
    registry.close().await();
    Outcome diff = ok(run("diff", folder("1.1.0"), folder("1.2.0")));
    assertTrue(diff.out().contains("hey-nova:1.1.0 is the parent of hey-nova:1.2.0"), diff.out());
    assertTrue(diff.out().contains("B is worse in: factory, stadium"), diff.out());
    assertTrue(diff.out().contains("10.80 [7.12, 15.71]"), diff.out());
    assertTrue(diff.out().lines().skip(3).allMatch(line -> line.length() <= 100), diff.out());
    Outcome json = ok(run("diff", "--json", folder("1.1.0"), folder("1.2.0")));
    assertEquals(
        "[\"factory\",\"stadium\"]",
        new ObjectMapper().readTree(json.out()).path("worse").toString());
  }

  @Test
  void wrongCondition_isToldWithoutARegistry() throws IOException {
    registry.close().await();
    Outcome wrong = run("list", "--where", "fha < 0.5");
    assertTrue(
        wrong.err().contains("at character 1: unknown field 'fha' (did you mean fah?)"),
        wrong.err());
    assertTrue(ok(run("list", "--fields")).out().contains("fah          number   1/h"));
  }

  private static Outcome ok(Outcome outcome) {
    assertEquals(0, outcome.exitCode(), outcome.out() + outcome.err());
    return outcome;
  }

  private Outcome run(String command, String... arguments) {
    PrintStream original = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      List<String> line = new ArrayList<>(List.of("model", command));
      line.addAll(List.of("--data", data.toString()));
      line.addAll(List.of(arguments));
      int exitCode =
          Earshot.commandLine()
              .setErr(new PrintWriter(err, true))
              .execute(line.toArray(String[]::new));
      return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString());
    } finally {
      System.setOut(original);
    }
  }

  private static String folder(String version) {
    return root().resolve("model-registry/releases/hey-nova-" + version).toString();
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
