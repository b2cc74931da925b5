package dev.earshot.cli.model;

import dev.earshot.cli.Connection;
import dev.earshot.cli.trust.PublisherOptions;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.client.ReleaseFolder;
import dev.earshot.registry.client.ReleaseListing.Listed;
import dev.earshot.registry.release.ReleaseView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Signs a release on the publisher's machine and pushes it: the private key never leaves it. */
@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    description = {
      "Sign a release, push it to the registry, and list it as installable.",
      "",
      "The folder holds model.tflite, card.yaml, evaluation.json and self-test.pb, as the trainer",
      "writes them. The registry refuses a model that no declared chip can run, whose self-test does",
      "not reproduce, or that the publisher of that name did not sign, and says why. Devices install",
      "what the publisher's signed list names, and nothing else. Interrupted in between, the same",
      "command again finishes it."
    })
public final class ModelPushCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FOLDER", description = "The release.")
  private Path folder = Path.of("");

  @Option(
      names = "--expires",
      paramLabel = "INSTANT",
      description =
          "Devices no longer install it after this instant, such as 2030-01-01T00:00:00Z (default:"
              + " five years from now).")
  private @Nullable Instant expires;

  @Mixin private PublisherOptions publisher = new PublisherOptions();

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() {
    List<SigningKey> keys = publisher.keys(connection);
    ReleaseFolder release = ReleaseFolder.read(folder);
    Instant until = expires == null ? PublisherOptions.fiveYearsFromNow() : expires;
    try (RegistryClient registry = new RegistryClient(connection.registry(), connection.token())) {
      SignedManifest signed = signed(registry, release, keys, until);
      ReleaseView pushed = registry.push(release, signed);
      System.out.printf(
          "%s  counter %d  %s  signed by %s%n",
          pushed.release(), pushed.counter(), pushed.manifestDigest(), ids(keys));
      Listed listed =
          publisher
              .listing(registry, connection, keys)
              .list(signed, PublisherOptions.fiveYearsFromNow());
      System.out.printf(
          "listed by role %s, version %d%s%n",
          listed.role(), listed.version(), listed.changed() ? "" : " (was listed already)");
      System.out.println(
          "artifact %s  %s"
              .formatted(
                  pushed.ociReference(),
                  registry
                      .artifacts()
                      .push(pushed.ref(), release.artifact(signed, keys.getFirst()))));
    }
    return 0;
  }

  /** The envelope that is there already when it says the same: a second try must not differ. */
  private static SignedManifest signed(
      RegistryClient registry, ReleaseFolder release, List<SigningKey> keys, Instant until) {
    return registry
        .findManifest(release.card().release())
        .filter(known -> release.manifest(known.manifest().expires()).equals(known.manifest()))
        .orElseGet(() -> SignedManifest.sign(release.manifest(until), keys));
  }

  private static String ids(List<SigningKey> keys) {
    return keys.stream()
        .map(key -> key.publicKey().keyId().substring(0, 12))
        .collect(Collectors.joining(", "));
  }
}
