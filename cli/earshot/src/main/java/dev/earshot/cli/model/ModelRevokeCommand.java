package dev.earshot.cli.model;

import dev.earshot.cli.trust.PublisherOptions;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.client.ReleaseListing.Listed;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Revokes a release, and takes it out of the publisher's signed list. */
@Command(
    name = "revoke",
    mixinStandardHelpOptions = true,
    description = {
      "Revoke a release, for ever: its rollouts stop, and no alias may stand for it.",
      "",
      "With the publisher's key at hand it is also taken out of the signed list of what devices may",
      "install, so that they refuse it even when somebody orders it. Whoever operates the registry",
      "without that key says --unsigned, and the publisher runs the same command later."
    })
public final class ModelRevokeCommand implements Callable<Integer> {
  @Option(
      names = "--unsigned",
      description = "Leave the signed list as it is; the publisher's key is not here.")
  private boolean unsigned;

  @Mixin private Decision decision = new Decision();

  @Mixin private PublisherOptions publisher = new PublisherOptions();

  @Override
  public Integer call() {
    // A missing key is told before anything is revoked.
    List<SigningKey> keys = unsigned ? List.of() : publisher.keys(decision.connection());
    try (RegistryClient registry =
        new RegistryClient(decision.connection().registry(), decision.connection().token())) {
      ReleaseRef ref = decision.resolve(registry);
      decision.make(registry, ref, "revoked");
      if (!unsigned) {
        Listed listed =
            publisher
                .listing(registry, decision.connection(), keys)
                .unlist(ref, PublisherOptions.fiveYearsFromNow());
        System.out.printf(
            "%s by role %s, version %d%n",
            listed.changed() ? "taken out of the list" : "not listed",
            listed.role(),
            listed.version());
      }
    }
    return 0;
  }
}
