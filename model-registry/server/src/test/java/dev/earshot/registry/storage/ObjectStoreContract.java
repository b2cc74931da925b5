package dev.earshot.registry.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises. Each test has an empty store. */
abstract class ObjectStoreContract {
  @TempDir Path local;
  private ObjectStore store;

  /** Opens the same store again, as another process would. */
  abstract ObjectStore open() throws IOException;

  @BeforeEach
  void start() throws IOException {
    store = open();
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void object_isFoundByEveryProcess() throws IOException {
    store.put("a/b", bytes("content"));
    try (ObjectStore other = open()) {
      assertArrayEquals(bytes("content"), other.read("a/b", 7));
      ObjectStore.Stat stat = other.stat("a/b").orElseThrow();
      assertEquals("a/b", stat.key());
      assertEquals(7, stat.length());
      Duration age = Duration.between(stat.modified(), Instant.now()).abs();
      assertTrue(age.compareTo(Duration.ofMinutes(1)) < 0, age.toString());
    }
    assertEquals("", store.problem());
  }

  @Test
  void absentObject_isSaidToBeAbsent() throws IOException {
    store.put("a/b", bytes("content"));
    for (String absent : List.of("a", "b", "a/bc", "c/d/e")) {
      assertTrue(store.stat(absent).isEmpty(), absent);
      assertTrue(store.file(absent).isEmpty(), absent);
      assertFalse(store.touch(absent), absent);
      store.delete(absent);
    }
    assertThrows(NoSuchFileException.class, () -> store.read("a/bc", 10));
    assertThrows(NoSuchFileException.class, () -> store.open("a/bc", 0, 1));
    assertArrayEquals(bytes("content"), store.read("a/b", 7));
  }

  @Test
  void emptyObject_isAnObject() throws IOException {
    store.put("empty", new byte[0]);
    assertEquals(0, store.stat("empty").orElseThrow().length());
    assertArrayEquals(new byte[0], store.read("empty", 0));
    try (InputStream in = store.open("empty", 0, 0)) {
      assertEquals(-1, in.read());
    }
  }

  @Test
  void lastWriter_wins() throws IOException {
    store.put("key", bytes("first, and longer"));
    store.put("key", bytes("second"));
    assertArrayEquals(bytes("second"), store.read("key", 100));
  }

  @Test
  void longerObjectThanAsked_isNotRead() throws IOException {
    store.put("key", bytes("content"));
    IOException refused = assertThrows(IOException.class, () -> store.read("key", 6));
    assertEquals("key: 7 bytes (expected: at most 6)", refused.getMessage());
  }

  @Test
  void part_isReadFromItsOffset() throws IOException {
    store.put("key", bytes("0123456789"));
    assertEquals("345", part("key", 3, 3));
    assertEquals("0123456789", part("key", 0, 10));
    assertEquals("9", part("key", 9, 1));
    assertEquals("", part("key", 4, 0));
    assertEquals("", part("key", 10, 0));
  }

  @Test
  void partThatIsNotThere_isAnError() throws IOException {
    store.put("key", bytes("0123456789"));
    for (long[] range : new long[][] {{10, 1}, {5, 6}, {11, 0}, {0, 11}, {Long.MAX_VALUE, 1}}) {
      assertThrows(
          IOException.class, () -> part("key", range[0], range[1]), range[0] + "+" + range[1]);
    }
    assertThrows(IllegalArgumentException.class, () -> part("key", -1, 1));
    assertThrows(IllegalArgumentException.class, () -> part("key", 1, -1));
  }

  @Test
  void streamThatIsLeftEarly_holdsNothing() throws IOException {
    byte[] large = new byte[1 << 20];
    store.put("large", large);
    // More than there are connections: each must be given back.
    for (int i = 0; i < 100; i++) {
      try (InputStream in = store.open("large", i, large.length - i)) {
        assertEquals(0, in.read());
      }
    }
  }

  @Test
  void movedFile_isAnObjectAndGone() throws IOException {
    byte[] content = new byte[300_000];
    new Random(1).nextBytes(content);
    Path file = Files.write(local.resolve("file"), content);
    store.move(file, "deep/er/key");
    assertFalse(Files.exists(file));
    assertArrayEquals(content, store.read("deep/er/key", content.length));
    try (InputStream in = store.open("deep/er/key", 1, content.length - 1)) {
      assertEquals(content.length - 1, in.readAllBytes().length);
    }
    store.move(Files.write(file, bytes("other")), "deep/er/key");
    assertArrayEquals(bytes("other"), store.read("deep/er/key", 5));
    store.move(Files.write(file, new byte[0]), "deep/er/key");
    assertEquals(0, store.stat("deep/er/key").orElseThrow().length());
  }

  @Test
  void fileOfTheObject_holdsItsBytes() throws IOException {
    store.put("key", bytes("content"));
    if (store.file("key").isPresent()) {
      assertArrayEquals(bytes("content"), Files.readAllBytes(store.file("key").get()));
    } else {
      assertEquals("content", part("key", 0, 7));
    }
  }

  @Test
  void touchedObject_isNewer() throws Exception {
    store.put("key", bytes("content"));
    Instant before = store.stat("key").orElseThrow().modified();
    // Stores tell seconds at worst.
    await(
        () -> {
          assertTrue(store.touch("key"));
          return store.stat("key").orElseThrow().modified().isAfter(before);
        });
    assertArrayEquals(bytes("content"), store.read("key", 7));
  }

  @Test
  void deletedObject_isGoneAndCanComeAgain() throws IOException {
    store.put("a/b/c", bytes("1"));
    store.put("a/b/d", bytes("2"));
    store.delete("a/b/c");
    store.delete("a/b/c");
    assertEquals(List.of("a/b/d"), keys(""));
    store.delete("a/b/d");
    assertEquals(List.of(), keys(""));
    store.put("a/b", bytes("3"));
    assertEquals(List.of("a/b"), keys(""));
  }

  @Test
  void list_isInTheOrderOfKeys() throws IOException {
    List<String> sorted =
        List.of(
            "A", "Z/z", "a-b", "a.b/c", "a/b", "a/b-c/d", "a/b.c", "a/c/x", "a0", "a_b", "ab/c");
    for (String key : sorted.reversed()) {
      store.put(key, bytes(key));
    }
    assertEquals(sorted, keys(""));
    assertEquals(List.of("a/b", "a/b-c/d", "a/b.c", "a/c/x"), keys("a/"));
    assertEquals(List.of("a/b", "a/b-c/d", "a/b.c"), keys("a/b"));
    assertEquals(List.of("a/b-c/d"), keys("a/b-c/"));
    assertEquals(List.of("ab/c"), keys("ab"));
    assertEquals(List.of(), keys("b"));
    assertEquals(List.of(), keys("a/b/"));
    store.list(
        "",
        stat -> {
          assertEquals(stat.key().length(), stat.length());
          assertTrue(stat.modified().isAfter(Instant.EPOCH));
        });
  }

  @Test
  void listedObject_mayBeDeletedMeanwhile() throws IOException {
    for (int i = 0; i < 30; i++) {
      store.put("many/" + i % 3 + "/" + i, bytes("x"));
    }
    List<String> seen = new ArrayList<>();
    store.list(
        "many/",
        stat -> {
          seen.add(stat.key());
          try {
            store.delete(stat.key());
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    assertEquals(30, seen.size());
    assertEquals(List.of(), keys(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/../b", ".hidden", "a/.b", "a b",
        "a\\b", "a\0", "ä", "a%2fb", "a:b", "a\n"
      })
  void malformedKey_isRefused(String key) {
    List<Callable<?>> calls =
        List.of(
            () -> store.stat(key),
            () -> store.read(key, 1),
            () -> store.open(key, 0, 1),
            () -> store.file(key),
            () -> store.touch(key),
            () -> {
              store.put(key, new byte[0]);
              return key;
            },
            () -> {
              store.move(local, key);
              return key;
            },
            () -> {
              store.delete(key);
              return key;
            });
    for (Callable<?> call : calls) {
      IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, call::call);
      assertTrue(String.valueOf(refused.getMessage()).startsWith("key: '"), refused.getMessage());
    }
  }

  @Test
  void tooLongKey_isRefused() throws IOException {
    // The server of the tests keeps objects in files and adds to their names.
    String part = "x".repeat(180);
    String longest = part + "/" + part + "/" + part + "/" + part + "/" + part;
    store.put(longest, bytes("1"));
    assertEquals(List.of(longest), keys("x"));
    assertThrows(IllegalArgumentException.class, () -> store.stat(longest + "/" + "z".repeat(120)));
    assertThrows(IllegalArgumentException.class, () -> store.stat("x".repeat(256)));
    assertThrows(IllegalArgumentException.class, () -> store.list("../", stat -> {}));
  }

  @Test
  void manyWritersOfOneKey_leaveOneWholeObject() throws Exception {
    int length = 40_000;
    List<Callable<Integer>> work = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      byte[] content = new byte[length];
      java.util.Arrays.fill(content, (byte) writer);
      work.add(
          () -> {
            for (int i = 0; i < 5; i++) {
              store.put("raced/key", content);
              byte[] seen = store.read("raced/key", length);
              for (byte each : seen) {
                assertEquals(seen[0], each);
              }
              // The folder comes and goes meanwhile.
              store.delete("raced/other");
            }
            return 0;
          });
      work.add(
          () -> {
            for (int i = 0; i < 5; i++) {
              store.put("raced/more/key", content);
              store.delete("raced/more/key");
            }
            return 0;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
      for (Future<Integer> done : threads.invokeAll(work)) {
        done.get();
      }
    }
    assertEquals(List.of("raced/key"), keys(""));
  }

  private String part(String key, long offset, long length) throws IOException {
    try (InputStream in = store.open(key, offset, length)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private List<String> keys(String prefix) throws IOException {
    List<String> keys = new ArrayList<>();
    store.list(prefix, stat -> keys.add(stat.key()));
    return keys;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Until the condition holds; a stuck one is ended by the class's timeout. */
  static void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      Thread.onSpinWait();
    }
  }
}
