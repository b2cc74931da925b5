package dev.earshot.registry.storage;

import static dev.earshot.registry.storage.ObjectStoreContract.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.registry.storage.FaultyWire.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real S3 server behind a wire that fails: a clear error, and nothing half visible. */
@Timeout(60)
class S3FaultsIT {
  private static final S3Clients.Limits IMPATIENT =
      new S3Clients.Limits(
          2,
          Duration.ofSeconds(5),
          Duration.ofMillis(250),
          Duration.ofMillis(2000),
          Duration.ofMillis(6000),
          // A connection that was ended under the pool costs one.
          3);

  private static final byte[] LARGE = new byte[300_000];

  @TempDir private static Path directory;
  @TempDir private Path local;
  private static S3Server server;

  private final String prefix = "faults/" + UUID.randomUUID();
  private FaultyWire wire;
  private ObjectStore store;

  /** The same objects, seen past the wire. */
  private ObjectStore direct;

  @BeforeAll
  static void startServer() {
    new Random(1).nextBytes(LARGE);
    server = S3Server.start(directory);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void connect() throws IOException {
    wire = new FaultyWire(server.port());
    store = S3Server.open("models", prefix, wire.port(), "the right secret", IMPATIENT);
    direct = server.open(prefix);
  }

  @AfterEach
  void disconnect() throws IOException {
    store.close();
    direct.close();
    wire.close();
  }

  @Test
  void wireCutWhileWriting_leavesNothing() throws IOException {
    wire.set(new Fault.CutRequest(100_000));
    Path file = Files.write(local.resolve("file"), LARGE);
    IOException told = assertThrows(IOException.class, () -> store.move(file, "key"));
    assertTrue(String.valueOf(told.getMessage()).startsWith("s3://models/" + prefix + "/key: "));
    assertTrue(direct.stat("key").isEmpty());
    assertTrue(Files.exists(file), "what was not stored is kept");
    assertFalse(store.problem().isEmpty());
    wire.set(new Fault.None());
    store.move(file, "key");
    assertArrayEquals(LARGE, direct.read("key", LARGE.length));
    assertEquals("", store.problem());
  }

  @Test
  void wireCutWhileReplacing_keepsTheOldObject() throws IOException {
    direct.put("key", bytes("old"));
    wire.set(new Fault.CutRequest(100_000));
    assertThrows(IOException.class, () -> store.put("key", LARGE));
    assertArrayEquals(bytes("old"), direct.read("key", 3));
  }

  @Test
  void wireCutWhileReading_isAnErrorAndNotAnEnd() throws IOException {
    direct.put("key", LARGE);
    wire.set(new Fault.CutAnswer(100_000));
    assertThrows(IOException.class, () -> store.read("key", LARGE.length));
    try (InputStream in = store.open("key", 10, LARGE.length - 10)) {
      IOException told = assertThrows(IOException.class, in::readAllBytes);
      assertFalse(String.valueOf(told.getMessage()).isEmpty());
    }
  }

  @Test
  void silentStore_isGivenUp() throws IOException {
    direct.put("key", LARGE);
    wire.set(new Fault.Silence(0));
    assertThrows(IOException.class, () -> store.stat("key"));
    assertThrows(IOException.class, () -> store.put("other", bytes("1")));
    wire.set(new Fault.Silence(100_000));
    try (InputStream in = store.open("key", 0, LARGE.length)) {
      assertThrows(IOException.class, in::readAllBytes);
    }
  }

  @Test
  void abandonedReads_giveTheirConnectionsBack() throws IOException {
    direct.put("key", LARGE);
    wire.set(new Fault.CutAnswer(100_000));
    // More than there are connections.
    for (int i = 0; i < 5; i++) {
      try (InputStream in = store.open("key", 0, LARGE.length)) {
        assertThrows(IOException.class, in::readAllBytes);
      }
    }
    wire.set(new Fault.None());
    assertArrayEquals(LARGE, store.read("key", LARGE.length));
  }

  @Test
  void errorsThatPass_areTriedAgain() throws IOException {
    wire.set(new Fault.Status(503, 1));
    store.put("key", bytes("content"));
    wire.set(new Fault.Status(500, 1));
    assertArrayEquals(bytes("content"), store.read("key", 7));
    assertEquals("", store.problem());
  }

  @Test
  void errorsThatStay_areTold() throws IOException {
    direct.put("key", bytes("content"));
    wire.set(new Fault.Status(500, Integer.MAX_VALUE));
    IOException told = assertThrows(IOException.class, () -> store.stat("key"));
    assertTrue(String.valueOf(told.getMessage()).contains("/key: HTTP 500"), told.getMessage());
    assertThrows(IOException.class, () -> store.list("", stat -> {}));
    assertThrows(IOException.class, () -> store.touch("key"));
    assertThrows(IOException.class, () -> store.delete("key"));
    assertTrue(store.problem().contains("HTTP 500"), store.problem());
    assertEquals(7, direct.stat("key").orElseThrow().length());
  }

  @Test
  void bitFlippedOnTheWayIn_isRefusedByTheStore() throws IOException {
    wire.set(new Fault.FlipRequest(100_000));
    assertThrows(IOException.class, () -> store.put("key", LARGE));
    assertTrue(direct.stat("key").isEmpty());
  }

  @Test
  void bitFlippedOnTheWayOut_isSeen() throws IOException {
    direct.put("key", LARGE);
    wire.set(new Fault.FlipAnswer(100_000));
    IOException told = assertThrows(IOException.class, () -> store.read("key", LARGE.length));
    assertTrue(String.valueOf(told.getMessage()).contains("sha256"), told.getMessage());
  }
}
