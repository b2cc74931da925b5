package dev.earshot.cli.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.earshot.protocol.trust.KeyFile;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTrustFolderTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

  @TempDir private Path data;

  @Test
  void folderThatIsOpenedAgain_hasTheSameKeysAndRoots() {
    LocalTrust first = LocalTrustFolder.in(data).open(NOW);
    LocalTrust again = LocalTrustFolder.in(data).open(NOW.plusSeconds(3600));

    assertEquals(first.publisher().publicKey(), again.publisher().publicKey());
    assertEquals(first.director().publicKey(), again.director().publicKey());
    assertEquals(first.firstImageRoot(), again.firstImageRoot());
    assertEquals(first.firstDirectorRoot(), again.firstDirectorRoot());
  }

  @Test
  void publisherFromBeforeTheTrustChain_staysThePublisher() throws IOException {
    SigningKey older = SigningKey.generate();
    KeyFile.writePlain(data.resolve("publisher.key"), older);

    LocalTrust trust = LocalTrustFolder.in(data).open(NOW);

    assertEquals(older.publicKey(), trust.publisher().publicKey());
    assertFalse(Files.exists(data.resolve("publisher.key")), "one key, in one place");
    assertEquals(older.publicKey(), LocalTrustFolder.in(data).open(NOW).publisher().publicKey());
  }
}
