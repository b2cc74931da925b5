package dev.earshot.registry.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlobHttpTest {
  private static final byte[] CONTENT = random(50_000);
  private static final Digest DIGEST = Digest.of(CONTENT);
  private static final String BLOB = "/v2/hey-nova/blobs/" + DIGEST;

  @TempDir private Path directory;
  private HttpFixture registry;

  @BeforeEach
  void start() throws IOException {
    registry = new HttpFixture(directory);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void uploadedBlob_isServedByDigest() {
    HttpResponse<byte[]> stored = registry.upload(CONTENT);
    assertEquals(201, stored.statusCode());
    assertEquals(BLOB, stored.headers().firstValue("Location").orElseThrow());

    HttpResponse<byte[]> answer = registry.get(BLOB);
    assertEquals(200, answer.statusCode());
    assertArrayEquals(CONTENT, answer.body());
    assertEquals("\"" + DIGEST + "\"", answer.headers().firstValue("ETag").orElseThrow());
    assertEquals(
        "public, max-age=31536000, immutable",
        answer.headers().firstValue("Cache-Control").orElseThrow());
  }

  @Test
  void downloadCutOff_resumesByRange() {
    registry.upload(CONTENT);
    HttpResponse<byte[]> head = registry.get(BLOB, "Range", "bytes=0-19999");
    assertEquals(206, head.statusCode());
    assertEquals("bytes 0-19999/50000", head.headers().firstValue("Content-Range").orElseThrow());

    HttpResponse<byte[]> rest =
        registry.get(BLOB, "Range", "bytes=20000-", "If-Range", "\"" + DIGEST + "\"");
    assertEquals(206, rest.statusCode());
    byte[] whole = Arrays.copyOf(head.body(), CONTENT.length);
    System.arraycopy(rest.body(), 0, whole, head.body().length, rest.body().length);
    assertArrayEquals(CONTENT, whole);
  }

  @Test
  void rangeOfAnotherVersion_givesTheWhole() {
    registry.upload(CONTENT);
    HttpResponse<byte[]> answer =
        registry.get(BLOB, "Range", "bytes=20000-", "If-Range", "\"another\"");
    assertEquals(200, answer.statusCode());
    assertEquals(CONTENT.length, answer.body().length);
  }

  @Test
  void rangeBehindTheEnd_isRefusedWithTheLength() {
    registry.upload(CONTENT);
    HttpResponse<byte[]> answer = registry.get(BLOB, "Range", "bytes=50000-");
    assertEquals(416, answer.statusCode());
    assertEquals("bytes */50000", answer.headers().firstValue("Content-Range").orElseThrow());
  }

  @Test
  void knownBlob_isNotSentAgain() {
    registry.upload(CONTENT);
    HttpResponse<byte[]> answer =
        registry.get(BLOB, "If-None-Match", "\"x\", W/\"" + DIGEST + "\"");
    assertEquals(304, answer.statusCode());
    assertEquals(0, answer.body().length);
  }

  @Test
  void head_tellsTheLengthWithoutTheContent() {
    registry.upload(CONTENT);
    HttpResponse<byte[]> answer = registry.send(HttpRequest.newBuilder(registry.uri(BLOB)).HEAD());
    assertEquals(200, answer.statusCode());
    assertEquals(50_000, answer.headers().firstValueAsLong("Content-Length").orElseThrow());
    assertEquals(0, answer.body().length);
  }

  @Test
  void emptyBlob_isABlob() {
    assertEquals(201, registry.upload(new byte[0]).statusCode());
    HttpResponse<byte[]> answer =
        registry.get("/v2/hey-nova/blobs/" + Digest.of(new byte[0]), "Range", "bytes=0-");
    assertEquals(416, answer.statusCode());
  }

  @Test
  void unknownBlob_isToldAsOciDoes() {
    HttpResponse<byte[]> answer = registry.get(BLOB);
    assertEquals(404, answer.statusCode());
    assertEquals("BLOB_UNKNOWN", code(answer));
  }

  @Test
  void tamperedContent_isRefusedAndNotKept() throws IOException {
    byte[] tampered = CONTENT.clone();
    tampered[40_000] ^= 1;
    HttpResponse<byte[]> answer =
        registry.post("/v2/hey-nova/blobs/uploads/?digest=" + DIGEST, tampered);
    assertEquals(400, answer.statusCode());
    assertEquals("DIGEST_INVALID", code(answer));
    assertTrue(message(answer).contains("expected: " + DIGEST), message(answer));
    assertEquals(404, registry.get(BLOB).statusCode());
    assertEquals(List.of(), files());
  }

  @Test
  void announcedTooLargeBlob_isRefused() {
    byte[] large = new byte[HttpFixture.LONGEST_BLOB + 1];
    HttpResponse<byte[]> answer = registry.upload(large);
    assertEquals(413, answer.statusCode());
    assertEquals("SIZE_INVALID", code(answer));
  }

  @Test
  void streamThatGetsTooLarge_isRefusedAndNotKept() throws IOException {
    byte[] large = new byte[4 * HttpFixture.LONGEST_BLOB];
    HttpResponse<byte[]> answer =
        registry.send(
            HttpRequest.newBuilder(
                    registry.uri("/v2/hey-nova/blobs/uploads/?digest=" + Digest.of(large)))
                .header("Authorization", "Bearer " + HttpFixture.TOKEN)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))));
    assertEquals(413, answer.statusCode());
    assertEquals("blob: more than 65,536 bytes (expected: at most that)", message(answer));
    assertEquals(List.of(), files());
  }

  @Test
  void withoutToken_nothingIsStored() {
    HttpResponse<byte[]> answer =
        registry.send(
            HttpRequest.newBuilder(registry.uri("/v2/hey-nova/blobs/uploads/?digest=" + DIGEST))
                .POST(BodyPublishers.ofByteArray(CONTENT)));
    assertEquals(401, answer.statusCode());
    assertEquals("UNAUTHORIZED", code(answer));
    assertEquals(404, registry.get(BLOB).statusCode());
  }

  @Test
  void sameBlobFromManySides_isStoredOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Integer>> uploads =
          Stream.generate(() -> (Callable<Integer>) () -> registry.upload(CONTENT).statusCode())
              .limit(24)
              .toList();
      for (Future<Integer> upload : threads.invokeAll(uploads)) {
        assertEquals(201, upload.get());
      }
    }
    assertArrayEquals(CONTENT, registry.get(BLOB).body());
    assertEquals(1, files().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/hey-nova/blobs/sha256:..%2F..%2Fsecret",
        "/v2/hey-nova/blobs/..%2f..%2f..%2fsecret",
        "/v2/hey-nova/blobs/sha256:%2e%2e",
        "/v2/hey-nova/blobs/../../../secret",
        "/v2/../v2/hey-nova/blobs/secret",
        "/v2/hey-nova/blobs/md5:d41d8cd98f00b204e9800998ecf8427e",
        "/v2/hey-nova/blobs/sha256:ABCDEF",
        "/v2/hey-nova/blobs/sha256:%00",
      })
  void hostileDigest_findsNothing(String path) throws IOException {
    Files.writeString(directory.resolve("secret"), "secret");
    HttpResponse<byte[]> answer = registry.get(path);
    assertTrue(
        answer.statusCode() == 400 || answer.statusCode() == 404, answer.statusCode() + " " + path);
    assertTrue(!new String(answer.body(), StandardCharsets.UTF_8).equals("secret"));
  }

  @ParameterizedTest
  @CsvSource({
    "Hey-Nova, 400",
    "..%2Fx, 400",
    "a..b, 400",
    "%2e%2e%2fx, 400",
    "edge/hey-nova, 404",
    "hey__nova, 404",
  })
  void repositoryName_isCheckedForItsForm(String name, int status) {
    assertEquals(status, registry.get("/v2/" + name + "/blobs/" + DIGEST).statusCode());
  }

  @Test
  void requests_areCounted() {
    registry.upload(CONTENT);
    registry.get(BLOB, "Range", "bytes=0-99");
    registry.get("/v2/hey-nova/blobs/nonsense");
    assertEquals(
        1,
        registry.metrics.getSampleValue(
            "earshot_registry_requests_total",
            new String[] {"route", "status"},
            new String[] {"GET /v2/{name}/blobs/{digest}", "206"}));
    assertTrue(registry.metrics.getSampleValue("earshot_registry_blob_sent_bytes_total") >= 100);
    assertEquals(
        50_000, registry.metrics.getSampleValue("earshot_registry_blob_stored_bytes_total"));
  }

  /** Complete blobs and left-overs; not the empty files that say which repository has a blob. */
  private List<Path> files() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths
          .filter(Files::isRegularFile)
          .filter(path -> !path.startsWith(directory.resolve("repositories")))
          .toList();
    }
  }

  private static String code(HttpResponse<byte[]> answer) {
    return HttpFixture.json(answer).path("errors").path(0).path("code").asText();
  }

  private static String message(HttpResponse<byte[]> answer) {
    return HttpFixture.json(answer).path("errors").path(0).path("message").asText();
  }

  private static byte[] random(int length) {
    byte[] content = new byte[length];
    new Random(1).nextBytes(content);
    return content;
  }
}
