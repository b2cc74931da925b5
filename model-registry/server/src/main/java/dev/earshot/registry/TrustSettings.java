package dev.earshot.registry;

import dev.earshot.protocol.trust.KeyFile;
import dev.earshot.registry.ledger.PinnedRoots;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.registry.trust.OnlineKeys;
import java.nio.file.Path;
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
    return KeyFile.passphrase(
        trust
            .passphraseFile()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        key + " is encrypted (fix: set EARSHOT_TRUST_PASSPHRASE_FILE)")));
  }

  private static <T> T named(String setting, Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("registry: " + setting + ": " + e.getMessage(), e);
    }
  }
}
