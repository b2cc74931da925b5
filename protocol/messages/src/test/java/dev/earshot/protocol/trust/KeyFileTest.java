package dev.earshot.protocol.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  private static final String PASSPHRASE = "correct horse battery";
  private static final Supplier<char[]> GIVEN = PASSPHRASE::toCharArray;
  private static final Supplier<char[]> NOT_ASKED =
      () -> {
        throw new AssertionError("no passphrase is needed");
      };

  @TempDir private Path folder;

  @Test
  void encryptedKey_isReadWithItsPassphraseOnly() throws IOException {
    SigningKey key = SigningKey.generate();
    Path file = folder.resolve("root.key");
    KeyFile.write(file, key, PASSPHRASE.toCharArray());
    assertTrue(KeyFile.isEncrypted(file));
    assertEquals(key.publicKey(), KeyFile.read(file, GIVEN).publicKey());
    IllegalArgumentException wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> KeyFile.read(file, () -> "something else".toCharArray()));
    assertEquals(file + ": the passphrase does not open this key", wrong.getMessage());
    String text = Files.readString(file);
    assertTrue(text.contains("# public: " + key.publicKey().hex()), text);
  }

  @Test
  void passphrase_isWipedAfterUse() throws IOException {
    Path file = folder.resolve("root.key");
    KeyFile.write(file, SigningKey.generate(), PASSPHRASE.toCharArray());
    char[] given = PASSPHRASE.toCharArray();
    KeyFile.read(file, () -> given);
    assertEquals("\0".repeat(given.length), new String(given));
  }

  @Test
  void shortPassphrase_isRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> KeyFile.write(folder.resolve("k"), SigningKey.generate(), "hush".toCharArray()));
    assertEquals("passphrase: 4 characters (expected: at least 12)", refused.getMessage());
    assertFalse(Files.exists(folder.resolve("k")));
  }

  @Test
  void keyFile_isForItsOwnerOnlyAndNeverOverwritten() throws IOException {
    Path file = folder.resolve("online.key");
    SigningKey key = SigningKey.generate();
    KeyFile.writePlain(file, key);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(key.publicKey(), KeyFile.read(file, NOT_ASKED).publicKey());
    assertThrows(FileAlreadyExistsException.class, () -> KeyFile.writePlain(file, key));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    IllegalArgumentException open =
        assertThrows(IllegalArgumentException.class, () -> KeyFile.read(file, NOT_ASKED));
    assertTrue(String.valueOf(open.getMessage()).contains("chmod 600"), open.getMessage());
  }

  @Test
  void otherFiles_areToldFromKeys() throws IOException {
    Path file = folder.resolve("notes.txt");
    Files.writeString(file, "hello");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> KeyFile.read(file, NOT_ASKED));
    assertEquals(
        file + ": not a key file (expected: a PEM block PRIVATE KEY)", refused.getMessage());
    assertEquals(
        folder.resolve("none") + ": there is no such key file",
        assertThrows(
                IllegalArgumentException.class,
                () -> KeyFile.read(folder.resolve("none"), NOT_ASKED))
            .getMessage());
  }

  @Test
  void opensslReadsWhatIsWritten_andTheOtherWayRound() throws Exception {
    assumeTrue(hasOpenssl(), "openssl is not installed");
    SigningKey key = SigningKey.generate();
    Path file = folder.resolve("ours.key");
    KeyFile.write(file, key, PASSPHRASE.toCharArray());
    Path pass = Files.writeString(folder.resolve("pass"), PASSPHRASE + "\n");
    String text =
        openssl("pkey", "-in", file.toString(), "-passin", "file:" + pass, "-noout", "-text");
    assertTrue(text.replaceAll("[^0-9a-f]", "").contains(key.publicKey().hex()), text);
    String parsed = openssl("asn1parse", "-in", file.toString());
    assertTrue(parsed.contains("PBKDF2") && parsed.contains("aes-256-cbc"), parsed);
    assertTrue(
        parsed.contains(Integer.toHexString(KeyFile.ITERATIONS).toUpperCase(Locale.ROOT)), parsed);

    Path theirs = folder.resolve("theirs.key");
    openssl(
        "genpkey",
        "-algorithm",
        "ed25519",
        "-aes-256-cbc",
        "-pass",
        "file:" + pass,
        "-out",
        theirs.toString());
    Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rw-------"));
    SigningKey read = KeyFile.read(theirs, GIVEN);
    assertTrue(read.publicKey().verifies(new byte[] {1}, read.sign(new byte[] {1})));
  }

  private static boolean hasOpenssl() {
    try {
      openssl("version");
      return true;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private static String openssl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(command + ": " + output);
    }
    return output;
  }
}
