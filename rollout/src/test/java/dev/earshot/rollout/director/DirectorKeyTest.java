package dev.earshot.rollout.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.trust.KeyFile;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.rollout.RolloutConfig;
import dev.earshot.service.InvalidSettings;
import dev.earshot.service.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectorKeyTest {
  @TempDir Path directory;

  @Test
  void keyFile_isWhatSignsAndIsNeverShown() throws IOException {
    SigningKey key = SigningKey.generate();
    Path file = directory.resolve("director.key");
    KeyFile.writePlain(file, key);
    Settings settings = Settings.of(Map.of("EARSHOT_DIRECTOR_KEY", file.toString()));
    RolloutConfig config = RolloutConfig.from(settings);
    settings.finish("rollout");
    assertEquals(key.publicKey(), config.director().publicKey());
    assertFalse(config.toString().contains("PRIVATE"), config.toString());
  }

  @Test
  void encryptedKey_isReadWithItsPassphraseOnly() throws IOException {
    SigningKey key = SigningKey.generate();
    Path file = directory.resolve("director.key");
    KeyFile.write(file, key, "correct horse battery".toCharArray());
    assertRefused(
        Map.of("EARSHOT_DIRECTOR_KEY", file.toString()),
        "it is encrypted (fix: set EARSHOT_DIRECTOR_PASSPHRASE_FILE)");
    Path secret = Files.writeString(directory.resolve("passphrase"), "correct horse battery\n");
    Settings settings =
        Settings.of(
            Map.of(
                "EARSHOT_DIRECTOR_KEY",
                file.toString(),
                "EARSHOT_DIRECTOR_PASSPHRASE_FILE",
                secret.toString()));
    assertEquals(key.publicKey(), DirectorKey.from(settings).publicKey());
  }

  @Test
  void withoutKey_theServiceDoesNotStart() {
    assertRefused(Map.of(), "EARSHOT_DIRECTOR_KEY: missing");
  }

  @Test
  void whatIsNoKey_isRefusedWithTheReason() {
    assertRefused(
        Map.of("EARSHOT_DIRECTOR_KEY", directory.resolve("absent").toString()),
        "there is no such key file");
  }

  private static void assertRefused(Map<String, String> values, String why) {
    Settings settings = Settings.of(values);
    RolloutConfig.from(settings);
    InvalidSettings refused = assertThrows(InvalidSettings.class, () -> settings.finish("rollout"));
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
  }
}
