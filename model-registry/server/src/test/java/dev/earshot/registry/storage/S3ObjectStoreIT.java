package dev.earshot.registry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real S3 server. Each test has a prefix of its own. */
@Timeout(60)
class S3ObjectStoreIT extends ObjectStoreContract {
  @TempDir private static Path directory;
  private static S3Server server;

  private final String prefix = "p/" + UUID.randomUUID();

  @BeforeAll
  static void startServer() {
    server = S3Server.start(directory);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Override
  ObjectStore open() throws IOException {
    return server.open(prefix);
  }

  @Test
  void prefixes_shareABucket() throws IOException {
    try (ObjectStore whole = server.open("");
        ObjectStore part = open()) {
      part.put("key", bytes("1"));
      assertEquals(1, whole.stat(prefix + "/key").orElseThrow().length());
      List<String> keys = new ArrayList<>();
      whole.list(prefix, stat -> keys.add(stat.key()));
      assertEquals(List.of(prefix + "/key"), keys);
    }
  }

  @Test
  void whatCantWork_isToldAtStartWithTheFix() {
    refused(
        "(fix: create the bucket, or correct EARSHOT_BLOB_STORE)",
        () -> S3Server.open("nobody", "", server.port(), "the right secret", S3Server.LIMITS));
    refused(
        "(fix: correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile in AWS_PROFILE)",
        () -> S3Server.open("models", "", server.port(), "a wrong secret", S3Server.LIMITS));
    refused(
        "(fix: check EARSHOT_S3_ENDPOINT and the network)",
        () -> S3Server.open("models", "", 9, "the right secret", S3Server.LIMITS));
  }

  private static void refused(String fix, Executable open) {
    String told = String.valueOf(assertThrows(IOException.class, open).getMessage());
    assertTrue(told.startsWith("s3://") && told.endsWith(fix), told);
  }
}
