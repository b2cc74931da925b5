package dev.earshot.agent.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the device reaches the gateway. Every file is read at each connection, so that what is
 * renewed there is used without a restart.
 *
 * @param tls for {@code mqtts}, and for downloads by https
 * @param user MQTT's user name
 * @param passwordFile holds a password or a token, in its first line
 * @param keepAlive how long the connection may be silent, 5 s to 18 h; after one and a half of it
 *     the gateway ends it
 */
record GatewaySettings(
    GatewayAddress address,
    TlsFiles tls,
    String user,
    Optional<Path> passwordFile,
    Duration keepAlive) {
  static final Duration USUAL_KEEP_ALIVE = Duration.ofSeconds(60);

  GatewaySettings {
    if (keepAlive.toSeconds() < 5 || keepAlive.toSeconds() > 65_535) {
      throw new IllegalArgumentException(
          "keepAlive: " + keepAlive.toSeconds() + " s (expected: 5 to 65535)");
    }
  }

  /** An address and nothing else. */
  static GatewaySettings plain(GatewayAddress address, String user) {
    return new GatewaySettings(address, TlsFiles.NONE, user, Optional.empty(), USUAL_KEEP_ALIVE);
  }

  /** What is in the password file now; never logged. */
  Optional<String> password() throws InvalidCredentials {
    if (passwordFile.isEmpty()) {
      return Optional.empty();
    }
    Path file = passwordFile.get();
    try {
      String first = Files.readString(file).lines().findFirst().orElse("").strip();
      if (first.isEmpty()) {
        throw new InvalidCredentials(file + ": its first line is empty (expected: the password)");
      }
      return Optional.of(first);
    } catch (NoSuchFileException e) {
      throw new InvalidCredentials(file + ": no such file", e);
    } catch (IOException e) {
      throw new InvalidCredentials(file + ": can't be read: " + e.getMessage(), e);
    }
  }
}
