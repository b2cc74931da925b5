package dev.earshot.registry.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.blob.BlobRefusedException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class UploadSessionsTest {
  private static final byte[] CONTENT = {1, 2, 3, 4, 5};
  private static final Digest DIGEST = Digest.of(CONTENT);

  @TempDir private Path directory;
  private BlobStore store;

  @BeforeEach
  void open() throws IOException {
    store = BlobStore.open(directory, 8);
  }

  @Test
  void session_growsOverRequestsAndARestart() throws IOException {
    String id;
    try (UploadSession session = store.uploads().begin()) {
      id = session.id();
      assertEquals(0, session.offset());
      session.write(new byte[] {1, 2});
    }
    try (UploadSession session = store.uploads().resume(id)) {
      assertEquals(2, session.offset());
      session.write(new byte[] {3});
      assertEquals(3, store.uploads().offset(id).orElseThrow());
    }
    BlobStore restarted = BlobStore.open(directory, 8);
    try (UploadSession session = restarted.uploads().resume(id)) {
      assertEquals(3, session.offset());
      session.write(new byte[] {4, 5});
      StoredBlob blob = session.finish(DIGEST);
      assertEquals(5, blob.length());
      assertArrayEquals(CONTENT, restarted.read(blob));
    }
    assertTrue(restarted.uploads().offset(id).isEmpty());
    refused(Reason.UPLOAD_UNKNOWN, () -> restarted.uploads().resume(id));
    assertFalse(leftOvers());
  }

  @Test
  void emptyBlob_canBeUploaded() throws IOException {
    try (UploadSession session = store.uploads().begin()) {
      assertEquals(0, session.finish(Digest.of(new byte[0])).length());
    }
  }

  @Test
  void otherContent_isRefusedAndTheSessionStays() throws IOException {
    try (UploadSession session = store.uploads().begin()) {
      session.write(CONTENT);
      refused(Reason.DIGEST, () -> session.finish(Digest.of(new byte[] {9})));
      assertTrue(store.find(Digest.of(new byte[] {9})).isEmpty());
      assertTrue(store.find(DIGEST).isEmpty());
      assertEquals(5, session.finish(DIGEST).length());
    }
  }

  @Test
  void tooLargeChunk_isNotKept() throws IOException {
    try (UploadSession session = store.uploads().begin()) {
      session.write(CONTENT);
      refused(Reason.TOO_LARGE, () -> session.write(new byte[4]));
      assertEquals(5, session.offset());
      assertEquals(5, session.finish(DIGEST).length());
    }
  }

  @Test
  void sessionInUse_isBusy() throws IOException {
    String id;
    try (UploadSession session = store.uploads().begin()) {
      id = session.id();
      refused(Reason.UPLOAD_BUSY, () -> store.uploads().resume(id));
    }
    store.uploads().resume(id).close();
  }

  @Test
  void cancelledSession_leavesNothing() throws IOException {
    try (UploadSession session = store.uploads().begin()) {
      session.write(CONTENT);
      session.cancel();
      refused(Reason.UPLOAD_UNKNOWN, () -> store.uploads().resume(session.id()));
    }
    assertFalse(leftOvers());
  }

  @Test
  void idThatNobodyWasTold_isUnknown() throws IOException {
    Files.createFile(directory.resolve("secret"));
    for (String id : new String[] {"", "../secret", "0".repeat(32), "/", "x\0", "F".repeat(32)}) {
      refused(Reason.UPLOAD_UNKNOWN, () -> store.uploads().resume(id));
      assertTrue(store.uploads().offset(id).isEmpty());
    }
    try (UploadSession one = store.uploads().begin();
        UploadSession other = store.uploads().begin()) {
      assertNotEquals(one.id(), other.id());
      assertEquals(32, one.id().length());
    }
  }

  @Test
  void whoeverStillWritesToAFinishedSession_doesNotReachTheBlob() throws IOException {
    BlobStore neighbour = BlobStore.open(directory, 8);
    try (UploadSession mine = store.uploads().begin()) {
      mine.write(CONTENT);
      try (UploadSession his = neighbour.uploads().resume(mine.id())) {
        StoredBlob blob = mine.finish(DIGEST);
        his.write(new byte[] {6, 7});
        assertArrayEquals(CONTENT, store.read(blob));
      }
    }
  }

  @Test
  void abandonedSession_goesAfterADay() throws IOException {
    String id;
    try (UploadSession session = store.uploads().begin()) {
      id = session.id();
      session.write(CONTENT);
    }
    store.tidy();
    assertEquals(5, store.uploads().offset(id).orElseThrow());
    Path file = directory.resolve(".uploads/" + id + ".session");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    store.tidy();
    assertTrue(store.uploads().offset(id).isEmpty());
  }

  @Test
  void tornSession_isNotABlob() throws IOException {
    try (UploadSession session = store.uploads().begin()) {
      session.write(CONTENT);
      // As after a power cut: the length is there, the bytes are not.
      Files.write(
          directory.resolve(".uploads/" + session.id() + ".session"),
          new byte[5],
          StandardOpenOption.WRITE);
      refused(Reason.DIGEST, () -> session.finish(DIGEST));
    }
    assertTrue(store.find(DIGEST).isEmpty());
  }

  private static void refused(Reason reason, Executable call) {
    assertEquals(reason, assertThrows(BlobRefusedException.class, call).reason());
  }

  private boolean leftOvers() throws IOException {
    try (var files = Files.newDirectoryStream(directory.resolve(".uploads"))) {
      return files.iterator().hasNext();
    }
  }
}
