package dev.earshot.rollout.director;

import dev.earshot.protocol.trust.KeyFile;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.service.Settings;
import java.nio.file.Path;

/** Finds the director's key where the settings say. */
public final class DirectorKey {
  private static final String KEY = "EARSHOT_DIRECTOR_KEY";
  private static final String PASSPHRASE = "EARSHOT_DIRECTOR_PASSPHRASE_FILE";

  private DirectorKey() {}

  /**
   * Reads {@code EARSHOT_DIRECTOR_KEY}, the key file, and {@code EARSHOT_DIRECTOR_PASSPHRASE_FILE},
   * a file with the passphrase that protects it. Without a key that can be read the settings are
   * refused; what is returned then is a key that nobody trusts.
   */
  public static SigningKey from(Settings settings) {
    SigningKey nobodys = SigningKey.generate();
    String passphrase = settings.text(PASSPHRASE, "");
    return settings.requiredText(KEY).isBlank()
        ? nobodys
        : settings.parsed(
            KEY,
            nobodys,
            file -> read(Path.of(file), passphrase),
            "the file of the director's signing key, which its root names for targets");
  }

  private static SigningKey read(Path file, String passphrase) {
    return KeyFile.read(file, () -> passphrase(passphrase));
  }

  private static char[] passphrase(String file) {
    if (file.isBlank()) {
      throw new IllegalArgumentException("it is encrypted (fix: set " + PASSPHRASE + ")");
    }
    return KeyFile.passphrase(Path.of(file));
  }
}
