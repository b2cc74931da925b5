package dev.earshot.cli.model;

import dev.earshot.cli.Connection;
import dev.earshot.cli.UserError;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.client.ReleaseFolder;
import dev.earshot.registry.release.ReleaseView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
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
      "Sign a release and push it to the registry.",
      "",
      "The folder holds model.tflite, card.yaml, evaluation.json and self-test.pb, as the trainer",
      "writes them. The registry refuses a model that no declared chip can run, whose self-test does",
      "not reproduce, or that no trusted publisher signed, and says why."
    })
public final class ModelPushCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FOLDER", description = "The release.")
  private Path folder = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "The publisher's key (default: the one of `earshot up`, in its data folder).")
  private @Nullable Path key;

  @Option(
      names = "--expires",
      paramLabel = "INSTANT",
      description =
          "Devices no longer install it after this instant, such as 2030-01-01T00:00:00Z (default:"
              + " five years from now).")
  private @Nullable Instant expires;

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() {
    SigningKey signer = key(key == null ? connection.data().resolve("publisher.key") : key);
    ReleaseFolder release = ReleaseFolder.read(folder);
    SignedManifest signed = release.sign(signer, expires == null ? fiveYearsFromNow() : expires);
    try (RegistryClient registry = new RegistryClient(connection.registry(), connection.token())) {
      ReleaseView pushed = registry.push(release, signed);
      System.out.printf(
          "%s  counter %d  %s  signed by %s%n",
          pushed.release(),
          pushed.counter(),
          pushed.manifestDigest(),
          signer.publicKey().keyId().substring(0, 12));
    }
    return 0;
  }

  private static Instant fiveYearsFromNow() {
    return OffsetDateTime.now(ZoneOffset.UTC).plusYears(5).withNano(0).toInstant();
  }

  private static SigningKey key(Path file) {
    try {
      return SigningKey.fromPem(Files.readString(file));
    } catch (IOException e) {
      throw new UserError(
          "can't read the publisher's key " + file + ". Fix: name it with --key FILE.", e);
    }
  }
}
