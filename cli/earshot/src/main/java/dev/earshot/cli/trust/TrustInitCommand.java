package dev.earshot.cli.trust;

import dev.earshot.cli.UserError;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.Metadata;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.registry.ledger.Side;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The key ceremony. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Make the keys of a system and sign its first roots. Do this on a machine without a network.",
      "",
      "DIR afterwards holds image-root.json and director-root.json, which devices are given at the",
      "factory and services as EARSHOT_TRUST_DIR, and image/1.targets.json, which says who publishes.",
      "Keys lie in DIR/keys, or spread over the folders of their holders (--keys, repeated): take them",
      "apart afterwards. Holders who made their key themselves (`earshot trust key`) give its public",
      "half (--public); what they must sign is then finished with `earshot trust sign`."
    })
public final class TrustInitCommand implements Callable<Integer> {
  private static final Map<String, Quorum> USUAL =
      Map.of(
          "root", new Quorum(2, 3),
          "targets", new Quorum(1, 2),
          "publisher", new Quorum(1, 1),
          "director-root", new Quorum(2, 3));

  @Parameters(index = "0", paramLabel = "DIR", description = "A new folder.")
  private Path folder = Path.of("");

  @Option(
      names = "--roles",
      paramLabel = "ROLE=M/N",
      split = ",",
      description = {
        "M of N keys must sign for the role (default: root=2/3, targets=1/2, publisher=1/1,",
        "director-root=2/3)."
      })
  private Map<String, String> roles = Map.of();

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description = "Folder of a key holder; repeated, one for each (default: DIR/keys).")
  private List<Path> holders = List.of();

  @Option(
      names = "--public",
      paramLabel = "ROLE=HEX",
      description = "Public key of a holder who keeps the private one elsewhere; may be repeated.")
  private List<String> publics = List.of();

  @Option(
      names = "--years",
      defaultValue = "5",
      paramLabel = "Y",
      description = "The roots and targets are valid for so long, 1 to 20 (default: 5).")
  private int years = 5;

  @Mixin private PassphraseOptions passphrases = new PassphraseOptions();

  @Override
  public Integer call() {
    if (years < 1 || years > 20) {
      throw new UserError("--years: " + years + " (expected: 1 to 20)");
    }
    TrustDir dir = new TrustDir(folder);
    for (String name : List.of(TrustAnchors.IMAGE_ROOT, TrustAnchors.DIRECTOR_ROOT)) {
      if (Files.exists(folder.resolve(name))) {
        throw new UserError(
            folder.resolve(name)
                + " is there already: devices may trust it (fix: another folder, or `earshot trust"
                + " rotate` to replace keys)");
      }
    }
    Instant expires = OffsetDateTime.now(ZoneOffset.UTC).plusYears(years).withNano(0).toInstant();
    PrintStream out = System.out;
    KeyMaking making =
        new KeyMaking(
            holders.isEmpty() ? List.of(folder.resolve("keys")) : holders, passphrases, out);
    try {
      out.println("keys:");
      image(dir, making, expires);
      director(dir, making, expires);
    } finally {
      making.wipe();
    }
    next(out);
    return 0;
  }

  private void image(TrustDir dir, KeyMaking making, Instant expires) {
    KeyMaking.Made root = make(making, "root");
    KeyMaking.Made targets = make(making, "targets");
    KeyMaking.Made publisher = make(making, "publisher");
    KeyMaking.Made online = making.online("online");
    dir.write(Side.IMAGE, "root", sign(root(root, targets.keys(), online.keys(), expires), root));
    dir.write(
        Side.IMAGE,
        "targets",
        sign(
            Targets.delegating(
                1, expires, List.of(Targets.Delegation.ofAll("publisher", publisher.keys()))),
            targets));
  }

  private void director(TrustDir dir, KeyMaking making, Instant expires) {
    KeyMaking.Made root = make(making, "director-root");
    KeyMaking.Made director = making.online("director");
    dir.write(
        Side.DIRECTOR, "root", sign(root(root, director.keys(), director.keys(), expires), root));
  }

  private static Root root(
      KeyMaking.Made root, RoleKeys targets, RoleKeys online, Instant expires) {
    return new Root(
        1,
        expires,
        Map.of(
            Root.Role.ROOT, root.keys(),
            Root.Role.TARGETS, targets,
            Root.Role.SNAPSHOT, online,
            Root.Role.TIMESTAMP, online));
  }

  private static <T extends Metadata> Envelope<T> sign(T metadata, KeyMaking.Made by) {
    return Envelope.sign(metadata, by.here());
  }

  private KeyMaking.Made make(KeyMaking making, String role) {
    return making.make(role, quorums().getOrDefault(role, usual(role)), publicsOf(role));
  }

  private static Quorum usual(String role) {
    Quorum usual = USUAL.get(role);
    if (usual == null) {
      throw new IllegalStateException(role);
    }
    return usual;
  }

  private Map<String, Quorum> quorums() {
    Map<String, Quorum> parsed = new LinkedHashMap<>();
    roles.forEach(
        (role, quorum) -> {
          if (!USUAL.containsKey(role)) {
            throw new UserError(
                "--roles: '" + role + "' (expected: root, targets, publisher or director-root)");
          }
          parsed.put(role, Quorum.parse(quorum));
        });
    return parsed;
  }

  private List<SigningKey.Public> publicsOf(String role) {
    List<SigningKey.Public> found = new ArrayList<>();
    for (String each : publics) {
      String[] parts = each.split("=", 2);
      if (parts.length != 2 || !USUAL.containsKey(parts[0])) {
        throw new UserError("--public: '" + each + "' (expected: ROLE=HEX, such as root=9f3a...)");
      }
      if (parts[0].equals(role)) {
        found.add(new SigningKey.Public(parts[1]));
      }
    }
    return found;
  }

  private void next(PrintStream out) {
    out.printf(
        """

        next:
          1. earshot trust verify %1$s            says which signatures are missing, if any
          2. take the keys apart: root, targets and director-root stay offline, on media of their
             holders; publisher goes to who publishes; online to the registry (EARSHOT_TRUST_KEY);
             director to the rollout service (EARSHOT_DIRECTOR_KEY)
          3. give %1$s/image-root.json and director-root.json to devices (--trust) and to the registry
             (EARSHOT_TRUST_DIR)
          4. earshot trust push %1$s --registry URL
        """,
        folder);
  }
}
