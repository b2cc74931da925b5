package dev.earshot.registry.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.TinyModel;
import dev.earshot.registry.release.ReleaseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReleaseFolderTest {
  @TempDir private Path folder;
  private TestRelease release;

  @BeforeEach
  void write() throws IOException {
    release = TestRelease.of("hey-nova:1.0.0", 1);
    release.write(folder);
  }

  @Test
  void folder_becomesTheManifest() {
    ReleaseFolder read = ReleaseFolder.read(folder);
    assertEquals(release.manifest(), read.manifest(TestRelease.EXPIRES));
    assertEquals(release.signed(), read.sign(TestRelease.KEY, TestRelease.EXPIRES));
  }

  @ParameterizedTest
  @EnumSource
  void missingFile_isNamed(ReleaseFile file) throws IOException {
    Files.delete(folder.resolve(file.fileName()));
    refused(file, "not there");
  }

  @Test
  void evaluationOfAnotherModel_isNamed() throws IOException {
    byte[] other = TinyModel.small(42);
    Files.write(folder.resolve(ReleaseFile.MODEL.fileName()), other);
    refused(ReleaseFile.EVALUATION, "modelDigest: ");
    assertTrue(message().contains("(expected: " + Digest.of(other)), message());
  }

  @Test
  void wrongFieldInTheCard_isNamed() throws IOException {
    Path card = folder.resolve(ReleaseFile.CARD.fileName());
    Files.writeString(card, Files.readString(card).replace("counter: 1", "counter: first"));
    refused(ReleaseFile.CARD, "counter: \"first\" (expected: a whole number)");
  }

  @Test
  void damagedSelfTest_isNamed() throws IOException {
    Files.write(folder.resolve(ReleaseFile.SELF_TEST.fileName()), new byte[] {10});
    refused(ReleaseFile.SELF_TEST, "not a SelfTest message");
  }

  private void refused(ReleaseFile file, String why) {
    assertTrue(message().startsWith(folder.resolve(file.fileName()) + ": " + why), message());
  }

  private String message() {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> ReleaseFolder.read(folder))
            .getMessage());
  }
}
