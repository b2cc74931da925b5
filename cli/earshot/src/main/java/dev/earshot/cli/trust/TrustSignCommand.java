package dev.earshot.cli.trust;

import dev.earshot.cli.UserError;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.Metadata;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.trust.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a signature. */
@Command(
    name = "sign",
    mixinStandardHelpOptions = true,
    description = {
      "Add a signature to a file of metadata: on an offline machine, one key holder after the other,",
      "until `earshot trust verify` says that there are enough. Shows what is signed first."
    })
public final class TrustSignCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "Such as image-root.json, 2.root.json or 7.publisher.json.")
  private Path file = Path.of("");

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "The key to sign with; may be repeated.")
  private List<Path> keys = List.of();

  @Mixin private PassphraseOptions passphrases = new PassphraseOptions();

  @Override
  public Integer call() {
    MetadataFile kind = TrustDir.kind(file);
    Envelope<? extends Metadata> signed = TrustDir.read(file, kind);
    MetadataText.print(System.out, kind, signed);
    for (Path each : keys) {
      SigningKey key = passphrases.read(each);
      signed = signed.signedAlsoBy(key);
      System.out.println("signed by " + key.publicKey().keyId());
    }
    replace(signed.bytes());
    return 0;
  }

  private void replace(byte[] bytes) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.write(fresh, bytes);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UserError(file + ": can't be written: " + e.getMessage(), e);
    }
  }
}
