package dev.earshot.cli.trust;

import dev.earshot.cli.UserError;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.registry.ledger.Side;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says who publishes what. */
@Command(
    name = "delegate",
    mixinStandardHelpOptions = true,
    description = {
      "Let a publisher's keys speak for a release name: writes the next targets.json.",
      "",
      "A role that is there gets these keys instead of its own. To replace a role's keys without a",
      "break, first send its next list signed by the old and the new keys (`earshot model push` with",
      "both), then these targets. A role asked first hides those behind it: new ones come before",
      "'publisher', which speaks for every other name."
    })
public final class TrustDelegateCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The folder of `earshot trust init`.")
  private Path folder = Path.of("");

  @Parameters(index = "1", paramLabel = "NAME", description = "Release name, and the role's.")
  private String name = "";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "HEX",
      description = "A public key of the publisher; may be repeated.")
  private List<String> keys = List.of();

  @Option(
      names = "--threshold",
      defaultValue = "1",
      paramLabel = "M",
      description = "So many of them must sign (default: 1).")
  private int threshold = 1;

  @Option(
      names = "--path",
      paramLabel = "PATTERN",
      description = "What it may list (default: NAME/*/*).")
  private List<String> paths = List.of();

  @Option(
      names = "--sign",
      paramLabel = "FILE",
      description = "A key of the role targets; without enough of them: `earshot trust sign`.")
  private List<Path> signers = List.of();

  @Option(
      names = "--expires",
      paramLabel = "INSTANT",
      description = "When the new targets.json expires (default: as the old one).")
  private Instant expires = Instant.EPOCH;

  @Mixin private PassphraseOptions passphrases = new PassphraseOptions();

  @Override
  public Integer call() {
    TrustDir dir = new TrustDir(folder);
    Targets before = dir.targets();
    Targets.Delegation delegation =
        new Targets.Delegation(
            name,
            RoleKeys.of(threshold, keys.stream().map(SigningKey.Public::new).toList()),
            paths.isEmpty() ? List.of(name + "/*/*") : paths);
    List<Targets.Delegation> all = new ArrayList<>(before.delegations());
    int known = before.delegation(name).map(all::indexOf).orElse(-1);
    if (known >= 0) {
      all.set(known, paths.isEmpty() ? keepPaths(before, delegation) : delegation);
    } else {
      all.addFirst(delegation);
    }
    Targets next =
        new Targets(
            before.version() + 1,
            expires.equals(Instant.EPOCH) ? before.expires() : expires,
            before.targets(),
            all);
    List<SigningKey> signing = signers.stream().map(passphrases::read).toList();
    if (signing.isEmpty()) {
      System.out.println("not signed yet: `earshot trust sign FILE --key FILE`");
    }
    Path written = dir.write(Side.IMAGE, "targets", Envelope.sign(next, signing));
    System.out.println("written " + written);
    System.out.println(MetadataText.keys("role " + name, delegation.keys()));
    System.out.println(
        "next: earshot trust verify " + folder + ", then earshot trust push " + folder);
    return 0;
  }

  private static Targets.Delegation keepPaths(Targets before, Targets.Delegation delegation) {
    return new Targets.Delegation(
        delegation.name(),
        delegation.keys(),
        before
            .delegation(delegation.name())
            .orElseThrow(() -> new UserError("there is no role " + delegation.name()))
            .paths());
  }
}
