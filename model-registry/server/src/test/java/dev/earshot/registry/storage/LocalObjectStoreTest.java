package dev.earshot.registry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalObjectStoreTest extends ObjectStoreContract {
  @TempDir private Path directory;
  @TempDir private Path elsewhere;

  @Override
  ObjectStore open() throws IOException {
    return LocalObjectStore.open(directory.resolve("objects"));
  }

  @Test
  void symbolicLink_isNotFollowed() throws IOException {
    Path secret = Files.write(elsewhere.resolve("secret"), bytes("secret"));
    Files.createSymbolicLink(directory.resolve("objects/folder"), elsewhere);
    Files.createSymbolicLink(directory.resolve("objects/file"), secret);
    try (ObjectStore store = open()) {
      for (String key : List.of("folder/secret", "file")) {
        IOException refused = assertThrows(IOException.class, () -> store.read(key, 10));
        assertTrue(String.valueOf(refused.getMessage()).contains("symbolic link"));
        assertThrows(IOException.class, () -> store.put(key, new byte[0]));
        assertThrows(IOException.class, () -> store.delete(key));
        assertTrue(store.file(key).isEmpty());
      }
      List<String> keys = new ArrayList<>();
      store.list("", stat -> keys.add(stat.key()));
      assertEquals(List.of(), keys);
    }
    assertEquals("secret", Files.readString(secret));
  }

  @Test
  void directoryThatIsALinkItself_isFine() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), elsewhere);
    try (ObjectStore store = LocalObjectStore.open(link)) {
      store.put("key", bytes("content"));
      assertEquals("content", Files.readString(elsewhere.resolve("key")));
    }
  }

  @Test
  void leftOversOfADeadProcess_areRemovedAfterADay() throws IOException {
    Path incoming = directory.resolve("objects/.incoming");
    Path old = Files.createFile(incoming.resolve("old.part"));
    Path fresh = Files.createFile(incoming.resolve("fresh.part"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    open().close();
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(fresh));
  }

  @Test
  void emptyFolder_goesWithItsLastObject() throws IOException {
    try (ObjectStore store = open()) {
      store.put("a/b/c/d", bytes("1"));
      store.put("a/e", bytes("1"));
      store.delete("a/b/c/d");
      assertFalse(Files.exists(directory.resolve("objects/a/b")));
      assertTrue(Files.exists(directory.resolve("objects/a/e")));
    }
  }

  @Test
  void fileInTheWay_isTold() throws IOException {
    try (ObjectStore store = open()) {
      store.put("a/b", bytes("1"));
      assertThrows(IOException.class, () -> store.put("a/b/c", bytes("1")));
      assertThrows(IOException.class, () -> store.put("a", bytes("1")));
      assertTrue(store.stat("a/b/c").isEmpty());
      store.delete("a/b/c");
    }
    try (var left = Files.newDirectoryStream(directory.resolve("objects/.incoming"))) {
      assertFalse(left.iterator().hasNext());
    }
  }

  @Test
  void slowlySpooledFile_isAsNewAsAny() throws IOException {
    Path file = Files.write(local.resolve("file"), bytes("1"));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    try (ObjectStore store = open()) {
      store.move(file, "key");
      Instant modified = store.stat("key").orElseThrow().modified();
      assertTrue(modified.isAfter(Instant.now().minus(Duration.ofHours(1))), modified.toString());
    }
  }
}
