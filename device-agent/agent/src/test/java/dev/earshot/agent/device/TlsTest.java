package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.agent.device.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  @TempDir private Path folder;
  private final TestAuthority authority = new TestAuthority("Test CA");
  private Issued device;
  private Path ca;

  @BeforeEach
  void files() throws IOException {
    device = authority.issue(folder, "device", "device", "device");
    ca = authority.write(folder.resolve("ca.pem"));
  }

  private static Tls tls(Path ca, Path certificate, Path key) {
    return new Tls(
        new TlsFiles(Optional.of(ca), Optional.of(certificate), Optional.of(key)),
        InstantSource.system());
  }

  private static String refusal(Tls tls) {
    return String.valueOf(assertThrows(InvalidCredentials.class, tls::context).getMessage());
  }

  @Test
  void unchangedFiles_areReadOnce() throws IOException {
    Tls tls = tls(ca, device.certificate(), device.key());
    SSLContext first = tls.context();
    assertSame(first, tls.context());
    Files.setLastModifiedTime(device.key(), FileTime.from(Instant.now().plusSeconds(9)));
    assertNotSame(first, tls.context());
  }

  @Test
  void filesThatCannotBeUsed_areNamedWithTheFix() throws IOException {
    Path missing = folder.resolve("missing.pem");
    assertEquals(
        missing + ": no such file", refusal(tls(missing, device.certificate(), device.key())));
    assertEquals(
        device.key() + ": holds no certificate (expected: -----BEGIN CERTIFICATE-----)",
        refusal(tls(ca, Files.writeString(device.key(), ""), device.key())));
  }

  @Test
  void keyThatIsNotOne_isNamedWithTheFix() throws IOException {
    Path old =
        Files.writeString(
            folder.resolve("old.key"),
            "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
    assertEquals(
        old
            + ": holds a EC PRIVATE KEY (expected: a PRIVATE KEY in PKCS #8, not encrypted;"
            + " openssl pkcs8 -topk8 -nocrypt makes it one)",
        refusal(tls(ca, device.certificate(), old)));
    Path broken =
        Files.writeString(
            folder.resolve("broken.key"),
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertEquals(
        broken + ": not a private key of the certificate's kind, EC",
        refusal(tls(ca, device.certificate(), broken)));
  }

  @Test
  void keyOfAnotherCertificate_isNoticed() throws IOException {
    Issued other = authority.issue(folder, "other", "other", "other");
    assertEquals(
        other.key() + ": is not the key of the device's certificate",
        refusal(tls(ca, device.certificate(), other.key())));
  }

  @Test
  void certificateWithoutAKey_isRefused() {
    assertEquals(
        "certificate and key: only one is given (expected: both or none)",
        assertThrows(
                IllegalArgumentException.class,
                () -> new TlsFiles(Optional.empty(), Optional.of(ca), Optional.empty()))
            .getMessage());
  }
}
