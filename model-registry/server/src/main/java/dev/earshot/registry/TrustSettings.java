package dev.earshot.registry;

import dev.earshot.protocol.trust.KeyFile;
import dev.earshot.registry.ledger.PinnedRoots;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.registry.trust.OnlineKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;

/** Reads the files that a registry's settings name. */
final class TrustSettings {
  private TrustSettings() {}

  /** What a registry knows before it has read anything. */
  static RegistryState initial(RegistryConfig config) {
    return config
        .trust()
        .directory()
        .map(folder -> named("EARSHOT_TRUST_DIR", () -> PinnedRoots.read(folder)))
        .map(RegistryState::of)
        .orElse(RegistryState.EMPTY);
  }

  static OnlineKeys online(RegistryConfig config) {
    return named(
        "EARSHOT_TRUST_KEY",
        () ->
            new OnlineKeys(
                config.trust().keys().stream()
                    .map(file -> KeyFile.read(file, () -> passphrase(config.trust(), file)))
                    .toList()));
  }

  private static char[] passphrase(RegistryConfig.Trust trust, Path key) {
    Path file =
        trust
            .passphraseFile()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        key + " is encrypted (fix: set EARSHOT_TRUST_PASSPHRASE_FILE)"));
    try {
      byte[] bytes = Files.readAllBytes(file);
      CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
      Arrays.fill(bytes, (byte) 0);
      return firstLine(text);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "EARSHOT_TRUST_PASSPHRASE_FILE: " + file + " can't be read", e);
    }
  }

  private static char[] firstLine(CharBuffer text) {
    int end = 0;
    while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
      end++;
    }
    char[] line = new char[end];
    text.get(line);
    if (text.hasArray()) {
      Arrays.fill(text.array(), '\0');
    }
    return line;
  }

  private static <T> T named(String setting, Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("registry: " + setting + ": " + e.getMessage(), e);
    }
  }
}
