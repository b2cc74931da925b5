package dev.earshot.agent.device;

import java.nio.file.Path;
import java.util.Optional;

/**
 * PEM files.
 *
 * @param ca certificates of the authorities that may vouch for servers; without it the JDK's own
 * @param certificate the device's, followed by any intermediate ones
 * @param key the certificate's private key, PKCS #8, not encrypted
 */
record TlsFiles(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
  /** The JDK's authorities, and no certificate of the device's own. */
  static final TlsFiles NONE = new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());

  TlsFiles {
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException(
          "certificate and key: only one is given (expected: both or none)");
    }
  }
}
