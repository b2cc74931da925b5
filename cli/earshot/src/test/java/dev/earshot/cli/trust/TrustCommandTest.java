package dev.earshot.cli.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.Earshot;
import dev.earshot.protocol.trust.KeyFile;
import dev.earshot.protocol.trust.TrustAnchors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ceremony as its keepers type it. */
class TrustCommandTest {
  @TempDir private Path folder;
  private Path passphrase;
  private Path trust;

  private record Outcome(int exitCode, String out, String err) {
    String all() {
      return out + err;
    }
  }

  @BeforeEach
  void setUp() throws IOException {
    passphrase = Files.writeString(folder.resolve("pass"), "correct horse battery\n");
    trust = folder.resolve("system");
  }

  @Test
  void ceremony_makesAChainThatHolds() throws IOException {
    init("--roles=root=1/1,targets=1/1,director-root=1/1");
    TrustAnchors anchors = TrustAnchors.read(trust);
    assertEquals(1, anchors.image().root().version());
    Outcome verified = run("verify", trust.toString());
    assertEquals(0, verified.exitCode(), verified.all());
    assertTrue(verified.out().contains("all of it holds"), verified.out());
    assertTrue(verified.out().contains("role publisher: 1 of 1 keys"), verified.out());
    for (String role : List.of("root", "targets", "publisher", "director-root")) {
      assertTrue(KeyFile.isEncrypted(key(trust.resolve("keys"), role)), role);
    }
    for (String role : List.of("online", "director")) {
      assertFalse(KeyFile.isEncrypted(key(trust.resolve("keys"), role)), role);
    }
    Outcome again = run("init", trust.toString());
    assertEquals(1, again.exitCode());
    assertTrue(again.err().contains("devices may trust it"), again.err());
  }

  @Test
  void keyHolders_signOneAfterTheOther() {
    Path alice = folder.resolve("alice.key");
    Outcome made = run("key", alice.toString(), "--passphrase-file=" + passphrase);
    assertEquals(0, made.exitCode(), made.all());
    String hex = made.out().lines().findFirst().orElseThrow().substring("public ".length());
    init("--roles=root=2/2,targets=1/1,director-root=1/1", "--public=root=" + hex);

    Outcome early = run("verify", trust.toString());
    assertEquals(1, early.exitCode());
    assertTrue(
        early.out().contains("1 valid signatures by its own root keys (expected: at least 2 of 2"),
        early.out());
    Outcome signed =
        run(
            "sign",
            trust.resolve("image-root.json").toString(),
            "--key=" + alice,
            "--passphrase-file=" + passphrase);
    assertEquals(0, signed.exitCode(), signed.all());
    assertTrue(signed.out().contains("root: 2 of 2 keys"), signed.out());
    assertEquals(0, run("verify", trust.toString()).exitCode());
  }

  @Test
  void keysOfEachHolder_lieInTheirOwnFolder() throws IOException {
    init(
        "--roles=root=2/2,targets=1/1,director-root=1/1",
        "--keys=" + folder.resolve("alice"),
        "--keys=" + folder.resolve("bob"));
    assertTrue(Files.exists(key(folder.resolve("alice"), "root")));
    assertTrue(Files.exists(key(folder.resolve("bob"), "root")));
  }

  @Test
  void rotatedRoot_isSignedByOldAndNewKeys() throws IOException {
    init("--roles=root=1/1,targets=1/1,director-root=1/1");
    Path old = key(trust.resolve("keys"), "root");
    Outcome unsigned = run("rotate", trust.toString(), "root", "--passphrase-file=" + passphrase);
    assertEquals(0, unsigned.exitCode(), unsigned.all());
    Outcome verified = run("verify", trust.toString());
    assertEquals(1, verified.exitCode());
    assertTrue(
        verified.out().contains("0 valid signatures by the root keys before"), verified.out());
    Outcome signed =
        run(
            "sign",
            trust.resolve("image/2.root.json").toString(),
            "--key=" + old,
            "--passphrase-file=" + passphrase);
    assertEquals(0, signed.exitCode(), signed.all());
    assertEquals(0, run("verify", trust.toString()).exitCode());
  }

  @Test
  void rotatedTargets_bringTheNextTargetsAlong() throws IOException {
    init("--roles=root=1/1,targets=1/1,director-root=1/1");
    Path keys = trust.resolve("keys");
    Outcome rotated =
        run(
            "rotate",
            trust.toString(),
            "targets",
            "--sign=" + key(keys, "root"),
            "--sign=" + key(keys, "targets"),
            "--passphrase-file=" + passphrase);
    assertEquals(0, rotated.exitCode(), rotated.all());
    assertTrue(Files.exists(trust.resolve("image/2.targets.json")), rotated.out());
    Outcome verified = run("verify", trust.toString());
    assertEquals(0, verified.exitCode(), verified.all());
  }

  @Test
  void delegate_putsANewPublisherFirst() throws IOException {
    init("--roles=root=1/1,targets=1/1,director-root=1/1");
    String hex =
        run("key", folder.resolve("p.key").toString(), "--passphrase-file=" + passphrase)
            .out()
            .lines()
            .findFirst()
            .orElseThrow()
            .substring("public ".length());
    Outcome delegated =
        run(
            "delegate",
            trust.toString(),
            "hey-nova",
            "--key=" + hex,
            "--sign=" + key(trust.resolve("keys"), "targets"),
            "--passphrase-file=" + passphrase);
    assertEquals(0, delegated.exitCode(), delegated.all());
    Outcome shown = run("show", trust.resolve("image/2.targets.json").toString());
    assertTrue(
        shown.out().indexOf("role hey-nova") < shown.out().indexOf("role publisher"), shown.out());
    assertEquals(0, run("verify", trust.toString()).exitCode());
  }

  @Test
  void expiry_isToldBeforeAndAfter() {
    init("--roles=root=1/1,targets=1/1,director-root=1/1", "--years=1");
    String soon = Instant.now().plus(Duration.ofDays(350)).toString();
    Outcome early = run("verify", trust.toString(), "--at=" + soon);
    assertEquals(0, early.exitCode(), early.all());
    assertTrue(early.out().contains("SOON: in 1"), early.out());
    Outcome late = run("verify", trust.toString(), "--at=2100-01-01T00:00:00Z");
    assertEquals(1, late.exitCode());
    assertTrue(late.out().contains("has expired: devices install nothing"), late.out());
  }

  @Test
  void tamperedFile_isWrong() throws IOException {
    init("--roles=root=1/1,targets=1/1,director-root=1/1");
    Path targets = trust.resolve("image/1.targets.json");
    Files.writeString(targets, Files.readString(targets).replace("*/*/*", "evil/*/*"));
    Outcome verified = run("verify", trust.toString());
    assertEquals(1, verified.exitCode());
    assertTrue(verified.out().contains("0 valid signatures by the role's keys"), verified.out());
  }

  @Test
  void help_saysWhatEachTheftAllows() {
    Outcome help = run("--help");
    assertTrue(help.out().contains("online         (registry) pretend"), help.out());
    assertEquals(1, run("init", trust.toString(), "--roles=root=3/2").exitCode());
    assertTrue(
        run("init", trust.toString(), "--roles=boss=1/1").err().contains("'boss' (expected:"));
  }

  private void init(String... options) {
    List<String> all = new ArrayList<>(List.of("init", trust.toString()));
    all.addAll(List.of(options));
    all.add("--passphrase-file=" + passphrase);
    Outcome outcome = run(all.toArray(String[]::new));
    assertEquals(0, outcome.exitCode(), outcome.all());
  }

  private static Path key(Path keys, String role) throws IOException {
    try (Stream<Path> files = Files.list(keys)) {
      return files
          .filter(file -> file.getFileName().toString().matches(role + "-[0-9a-f]{8}\\.key"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Outcome run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("trust"));
    all.addAll(List.of(arguments));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    PrintStream before = System.out;
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      int exitCode =
          Earshot.commandLine()
              .setOut(new PrintWriter(out, true))
              .setErr(new PrintWriter(err, true))
              .execute(all.toArray(String[]::new));
      return new Outcome(exitCode, bytes.toString(StandardCharsets.UTF_8) + out, err.toString());
    } finally {
      System.setOut(before);
    }
  }
}
