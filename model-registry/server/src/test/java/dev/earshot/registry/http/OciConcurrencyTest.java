package dev.earshot.registry.http;

import static dev.earshot.registry.http.OciClient.NOTHING;
import static dev.earshot.registry.http.OciClient.bytes;
import static dev.earshot.registry.http.OciClient.header;
import static dev.earshot.registry.http.OciClient.with;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many clients at once, and clients that lose their connection. */
@Timeout(120)
class OciConcurrencyTest {
  private static final String NAME = "models/hey-nova";
  private static final int CLIENTS = 12;
  private static final byte[] BLOB = random();
  private static final Digest DIGEST = Digest.of(BLOB);

  @TempDir private Path directory;
  private HttpFixture registry;
  private OciClient client;

  @BeforeEach
  void start() throws IOException {
    registry = new HttpFixture(directory);
    client = registry.oci();
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void sameBlobFromManySessions_isOneBlob() throws Exception {
    List<Integer> answers =
        together(
            CLIENTS,
            number -> {
              String upload = client.begin(NAME);
              assertEquals(202, client.chunk(upload, 0, BLOB).statusCode());
              return client.send("PUT", with(upload, "digest=" + DIGEST), NOTHING).statusCode();
            });
    assertEquals(Set.of(201), Set.copyOf(answers));
    assertArrayEquals(BLOB, client.get("/v2/" + NAME + "/blobs/" + DIGEST).body());
  }

  @Test
  void sameTagFromManySides_isAlwaysOneOfTheManifests() throws Exception {
    List<String> manifests = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      manifests.add(client.artifact(NAME, "layer " + i));
    }
    String path = "/v2/" + NAME + "/manifests/latest";
    assertEquals(201, client.tag(NAME, "latest", manifests.getFirst()).statusCode());
    List<Integer> answers =
        together(
            CLIENTS,
            number -> {
              int status = client.tag(NAME, "latest", manifests.get(number)).statusCode();
              String seen = new String(client.get(path).body(), StandardCharsets.UTF_8);
              assertTrue(manifests.contains(seen), seen);
              return status;
            });
    assertEquals(Set.of(201), Set.copyOf(answers));
    for (String manifest : manifests) {
      String digest = Digest.of(bytes(manifest)).toString();
      assertEquals(200, client.get("/v2/" + NAME + "/manifests/" + digest).statusCode());
    }
  }

  @Test
  void manyReferrersAtOnce_areAllListed() throws Exception {
    String artifact = client.artifact(NAME, "layer");
    Digest subject = Digest.of(bytes(artifact));
    Digest config = Digest.of(bytes("{}"));
    Digest layer = Digest.of(bytes("layer"));
    List<Integer> answers =
        together(
            CLIENTS,
            number -> {
              String referrer =
                  OciClient.manifest(
                      config,
                      layer,
                      5,
                      """
                      ,"annotations":{"number":"%d"},"subject":{"mediaType":"%s","digest":"%s","size":%d}"""
                          .formatted(number, OciClient.MANIFEST, subject, artifact.length()));
              String digest = Digest.of(bytes(referrer)).toString();
              return client.tag(NAME, digest, referrer).statusCode();
            });
    assertEquals(Set.of(201), Set.copyOf(answers));
    Set<Integer> listed = new TreeSet<>();
    OciClient.json(client.get("/v2/" + NAME + "/referrers/" + subject))
        .path("manifests")
        .forEach(found -> listed.add(found.path("annotations").path("number").asInt()));
    assertEquals(CLIENTS, listed.size());
  }

  @Test
  void twoChunksAtOnceForOnePlace_areNotBothTaken() throws Exception {
    for (int round = 0; round < 8; round++) {
      String upload = client.begin(NAME);
      byte[] first = Arrays.copyOf(BLOB, 30_000);
      List<Integer> answers = together(2, number -> client.chunk(upload, 0, first).statusCode());
      assertEquals(List.of(202, 416), answers.stream().sorted().toList());
      assertEquals("0-29999", header(client.get(upload), "Range"));
      byte[] rest = Arrays.copyOfRange(BLOB, 30_000, BLOB.length);
      assertEquals(
          201,
          client
              .send("PUT", with(upload, "digest=" + DIGEST), rest, "Content-Range", "30000-49999")
              .statusCode());
    }
  }

  @Test
  void cutUpload_goesOnWhereTheRegistryIs() throws Exception {
    String upload = client.begin(NAME);
    try (Socket socket = connected()) {
      sendPart(socket, upload, 20_000);
      awaitRange(upload, "0-19999");
    }
    finishFrom(upload, 20_000);
  }

  @Test
  void uploadWhoseConnectionOnlyLooksAlive_isTakenOver() throws Exception {
    String upload = client.begin(NAME);
    try (Socket stalled = connected()) {
      sendPart(stalled, upload, 20_000);
      awaitRange(upload, "0-19999");
      // Somebody who does not know where it goes on does not get it.
      assertEquals(416, client.chunk(upload, 0, BLOB).statusCode());
      finishFrom(upload, 20_000);
      assertTrue(answer(stalled).startsWith("HTTP/1.1 416 "));
    }
  }

  @Test
  void uploadThatIsStillBeingSent_canBeCancelled() throws Exception {
    String upload = client.begin(NAME);
    try (Socket stalled = connected()) {
      sendPart(stalled, upload, 20_000);
      awaitRange(upload, "0-19999");
      assertEquals(204, client.send("DELETE", upload, NOTHING).statusCode());
      assertEquals(404, client.get(upload).statusCode());
    }
  }

  @Test
  void blobDeletedWhileOthersPull_isWholeOrGone() throws Exception {
    client.push(NAME, BLOB);
    List<Integer> answers =
        together(
            CLIENTS,
            number -> {
              String path = "/v2/" + NAME + "/blobs/" + DIGEST;
              if (number == 0) {
                return client.send("DELETE", path, NOTHING).statusCode();
              }
              HttpResponse<byte[]> pulled = client.get(path);
              if (pulled.statusCode() == 200) {
                assertArrayEquals(BLOB, pulled.body());
              }
              return pulled.statusCode();
            });
    assertEquals(202, answers.getFirst());
    assertTrue(Set.of(200, 202, 404).containsAll(answers), answers.toString());
  }

  /** The rest in one chunk, as a client does that has asked where the upload is. */
  private void finishFrom(String upload, int offset) {
    byte[] rest = Arrays.copyOfRange(BLOB, offset, BLOB.length);
    assertEquals(202, client.chunk(upload, offset, rest).statusCode());
    assertEquals(201, client.send("PUT", with(upload, "digest=" + DIGEST), NOTHING).statusCode());
    assertArrayEquals(BLOB, client.get("/v2/" + NAME + "/blobs/" + DIGEST).body());
  }

  private Socket connected() throws IOException {
    URI uri = registry.uri("/");
    return new Socket(uri.getHost(), uri.getPort());
  }

  /** A request that promises the whole blob and sends its beginning. */
  private static void sendPart(Socket socket, String upload, int length) throws IOException {
    String head =
        """
        PATCH %s HTTP/1.1\r
        Host: registry\r
        Authorization: Bearer %s\r
        Content-Length: %d\r
        Content-Range: 0-%d\r
        \r
        """
            .formatted(upload, HttpFixture.TOKEN, BLOB.length, BLOB.length - 1);
    socket.getOutputStream().write(bytes(head));
    socket.getOutputStream().write(BLOB, 0, length);
    socket.getOutputStream().flush();
  }

  private static String answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[1024];
    int got = in.read(buffer);
    return got < 0 ? "" : new String(buffer, 0, got, StandardCharsets.US_ASCII);
  }

  private void awaitRange(String upload, String range) {
    while (!header(client.get(upload), "Range").equals(range)) {
      Thread.onSpinWait();
    }
  }

  /** What one of several clients does. */
  @FunctionalInterface
  private interface Act {
    int run(int number) throws Exception;
  }

  /** All at once; what each got, by its number. */
  private static List<Integer> together(int count, Act act) throws Exception {
    CyclicBarrier start = new CyclicBarrier(count);
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<Callable<Integer>> acts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        acts.add(
            () -> {
              start.await();
              return act.run(number);
            });
      }
      List<Integer> results = new ArrayList<>();
      for (Future<Integer> result : threads.invokeAll(acts)) {
        results.add(result.get());
      }
      return results;
    }
  }

  private static byte[] random() {
    byte[] content = new byte[50_000];
    new Random(7).nextBytes(content);
    return content;
  }
}
