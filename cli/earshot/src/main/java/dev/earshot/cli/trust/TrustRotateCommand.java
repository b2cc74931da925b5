package dev.earshot.cli.trust;

import dev.earshot.cli.UserError;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.registry.ledger.Side;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Replaces a role's keys. */
@Command(
    name = "rotate",
    mixinStandardHelpOptions = true,
    description = {
      "Replace all keys of a role by new ones: writes the next root, signed by the old root keys and,",
      "when they change, by the new ones. Devices follow it from whatever root they know.",
      "",
      "ROLE: root, targets, online (of the registry), director-root, director (of the rollout",
      "service). A publisher's keys are replaced with `earshot trust delegate`. When the targets'",
      "keys change, the next targets.json is written as well, to be signed by the old and new keys."
    })
public final class TrustRotateCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The folder of `earshot trust init`.")
  private Path folder = Path.of("");

  @Parameters(index = "1", paramLabel = "ROLE", description = "Whose keys are replaced.")
  private String role = "";

  @Option(
      names = "--sign",
      paramLabel = "FILE",
      description = {
        "An old key: of the root, and of the targets when these change; may be repeated. What is then",
        "still missing is added with `earshot trust sign`."
      })
  private List<Path> signers = List.of();

  @Option(
      names = "--quorum",
      paramLabel = "M/N",
      description = "M of N new keys must sign (default: as before).")
  private @Nullable String quorum;

  @Option(
      names = "--public",
      paramLabel = "HEX",
      description = "A new key whose holder keeps the private half; may be repeated.")
  private List<String> publics = List.of();

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description = "Folder of a key holder; may be repeated (default: DIR/keys).")
  private List<Path> holders = List.of();

  @Option(
      names = "--years",
      defaultValue = "5",
      paramLabel = "Y",
      description = "The new root is valid for so long, 1 to 20 (default: 5).")
  private int years = 5;

  @Mixin private PassphraseOptions passphrases = new PassphraseOptions();

  /** Which root, and which of its roles. */
  private record Place(Side side, List<Root.Role> roles, boolean online) {
    static Place of(String role) {
      return switch (role) {
        case "root" -> new Place(Side.IMAGE, List.of(Root.Role.ROOT), false);
        case "targets" -> new Place(Side.IMAGE, List.of(Root.Role.TARGETS), false);
        case "online" ->
            new Place(Side.IMAGE, List.of(Root.Role.SNAPSHOT, Root.Role.TIMESTAMP), true);
        case "director-root" -> new Place(Side.DIRECTOR, List.of(Root.Role.ROOT), false);
        case "director" ->
            new Place(
                Side.DIRECTOR,
                List.of(Root.Role.TARGETS, Root.Role.SNAPSHOT, Root.Role.TIMESTAMP),
                true);
        default ->
            throw new UserError(
                "ROLE: '"
                    + role
                    + "' (expected: root, targets, online, director-root or director)");
      };
    }
  }

  @Override
  public Integer call() {
    if (years < 1 || years > 20) {
      throw new UserError("--years: " + years + " (expected: 1 to 20)");
    }
    Place place = Place.of(role);
    TrustDir dir = new TrustDir(folder);
    Root before = dir.root(place.side());
    Instant expires = OffsetDateTime.now(ZoneOffset.UTC).plusYears(years).withNano(0).toInstant();
    List<SigningKey> old = signers.stream().map(passphrases::read).toList();
    KeyMaking making =
        new KeyMaking(
            holders.isEmpty() ? List.of(folder.resolve("keys")) : holders, passphrases, System.out);
    KeyMaking.Made made;
    try {
      made = make(making, place, before);
    } finally {
      making.wipe();
    }
    Map<Root.Role, RoleKeys> changed = new EnumMap<>(Root.Role.class);
    place.roles().forEach(each -> changed.put(each, made.keys()));
    Root next = before.next(expires, changed);
    List<SigningKey> rootSigners = among(old, before, Root.Role.ROOT);
    if (place.roles().contains(Root.Role.ROOT)) {
      rootSigners = joined(rootSigners, made.here());
    }
    System.out.println(
        "written " + dir.write(place.side(), "root", Envelope.sign(next, rootSigners)));
    if (role.equals("targets")) {
      Targets targets = dir.targets();
      Targets again =
          new Targets(targets.version() + 1, expires, targets.targets(), targets.delegations());
      System.out.println(
          "written "
              + dir.write(
                  Side.IMAGE,
                  "targets",
                  Envelope.sign(
                      again, joined(among(old, before, Root.Role.TARGETS), made.here()))));
    }
    next();
    return 0;
  }

  private KeyMaking.Made make(KeyMaking making, Place place, Root before) {
    if (place.online() && publics.isEmpty()) {
      return making.online(role);
    }
    var keys = before.keys(place.roles().getFirst());
    String wanted = quorum;
    Quorum size =
        wanted == null ? new Quorum(keys.threshold(), keys.keys().size()) : Quorum.parse(wanted);
    return making.make(role, size, publics.stream().map(SigningKey.Public::new).toList());
  }

  private static List<SigningKey> among(List<SigningKey> keys, Root root, Root.Role role) {
    return keys.stream()
        .filter(key -> root.keys(role).keys().containsKey(key.publicKey().keyId()))
        .toList();
  }

  private static List<SigningKey> joined(List<SigningKey> first, List<SigningKey> second) {
    List<SigningKey> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private void next() {
    String service =
        switch (role) {
          case "online" ->
              "  before that: restart the registry with both keys (EARSHOT_TRUST_KEY=NEW,OLD)\n";
          case "director" ->
              "  after that: restart the rollout service with the new key (EARSHOT_DIRECTOR_KEY)\n";
          case "targets" ->
              "  it sends the targets first; when the old keys are lost: push --breaking, devices"
                  + " then refuse everything until the new targets follow\n";
          default -> "";
        };
    System.out.printf(
        "next:%n  earshot trust verify %1$s         says which signatures are missing%n"
            + "  earshot trust push %1$s --registry URL%n%2$s"
            + "  then destroy the old keys; new devices may be given the new root as their first%n",
        folder, service);
  }
}
