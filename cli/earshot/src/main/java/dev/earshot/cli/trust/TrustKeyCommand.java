package dev.earshot.cli.trust;

import dev.earshot.cli.UserError;
import dev.earshot.protocol.trust.KeyFile;
import dev.earshot.protocol.trust.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One key, by its holder alone. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = {
      "Make one key on its holder's machine; only the public half is to leave it.",
      "",
      "An Ed25519 key as PKCS #8, encrypted by PBES2 (PBKDF2-HMAC-SHA256, 600000 iterations,",
      "AES-256-CBC): `openssl pkey` reads it, too."
    })
public final class TrustKeyCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "A new file, for its owner only.")
  private Path file = Path.of("");

  @Option(
      names = "--online",
      description = "Not encrypted, for a service that nobody can be asked a passphrase for.")
  private boolean online;

  @Mixin private PassphraseOptions passphrases = new PassphraseOptions();

  @Override
  public Integer call() {
    SigningKey key = SigningKey.generate();
    try {
      if (online) {
        KeyFile.writePlain(file, key);
      } else {
        char[] passphrase = passphrases.fresh(file.toString());
        try {
          KeyFile.write(file, key, passphrase);
        } finally {
          Arrays.fill(passphrase, '\0');
        }
      }
    } catch (IOException e) {
      throw new UserError("can't write " + file + ": " + e, e);
    }
    System.out.println("public " + key.publicKey().hex());
    System.out.println("key id " + key.publicKey().keyId());
    return 0;
  }
}
