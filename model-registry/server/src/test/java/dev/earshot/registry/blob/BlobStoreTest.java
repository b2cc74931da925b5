package dev.earshot.registry.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreTest {
  private static final byte[] CONTENT = {1, 2, 3, 4, 5};
  private static final Digest DIGEST = Digest.of(CONTENT);

  @TempDir private Path directory;
  private BlobStore store;

  @BeforeEach
  void open() throws IOException {
    store = BlobStore.open(directory, 8);
  }

  @Test
  void blob_isSeenOnlyOnceItIsComplete() throws IOException {
    try (BlobUpload upload = store.begin(DIGEST)) {
      upload.write(new byte[] {1, 2});
      upload.write(new byte[] {3, 4, 5});
      assertTrue(store.find(DIGEST).isEmpty());
      assertEquals(5, upload.commit().length());
    }
    StoredBlob found = BlobStore.open(directory, 8).find(DIGEST).orElseThrow();
    assertArrayEquals(CONTENT, store.read(found));
    assertFalse(leftOvers());
  }

  @Test
  void abandonedUpload_leavesNothing() throws IOException {
    try (BlobUpload upload = store.begin(DIGEST)) {
      upload.write(CONTENT);
    }
    assertTrue(store.find(DIGEST).isEmpty());
    assertFalse(leftOvers());
  }

  @Test
  void otherContent_isRefused() throws IOException {
    try (BlobUpload upload = store.begin(DIGEST)) {
      upload.write(new byte[] {9});
      BlobRefusedException refused = assertThrows(BlobRefusedException.class, upload::commit);
      assertEquals(BlobRefusedException.Reason.DIGEST, refused.reason());
    }
    assertTrue(store.find(DIGEST).isEmpty());
  }

  @Test
  void tooLargeContent_isRefusedAtTheByte() throws IOException {
    try (BlobUpload upload = store.begin(DIGEST)) {
      upload.write(new byte[8]);
      BlobRefusedException refused =
          assertThrows(BlobRefusedException.class, () -> upload.write(new byte[1]));
      assertEquals(BlobRefusedException.Reason.TOO_LARGE, refused.reason());
    }
  }

  @Test
  void damagedBlob_isNotGivenOut() throws IOException {
    StoredBlob blob;
    try (BlobUpload upload = store.begin(DIGEST)) {
      upload.write(CONTENT);
      blob = upload.commit();
    }
    Files.write(blob.file().orElseThrow(), new byte[] {0});
    IOException damaged = assertThrows(IOException.class, () -> store.read(blob));
    assertTrue(String.valueOf(damaged.getMessage()).contains("damaged in the store"));
  }

  @Test
  void leftOversOfADeadProcess_areRemovedAfterADay() throws IOException {
    Path old = Files.createFile(directory.resolve(".uploads/old.part"));
    Path fresh = Files.createFile(directory.resolve(".uploads/fresh.part"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    BlobStore.open(directory, 8);
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(fresh));
  }

  private boolean leftOvers() throws IOException {
    try (var parts = Files.newDirectoryStream(directory.resolve(".uploads"))) {
      return parts.iterator().hasNext();
    }
  }
}
