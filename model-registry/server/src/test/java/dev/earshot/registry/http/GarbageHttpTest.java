package dev.earshot.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.protocol.Digest;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.release.ReleaseFile;
import dev.earshot.registry.storage.MemoryObjectStore;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GarbageHttpTest {
  private static final byte[] MANIFEST = "{\"layers\":[]}".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private HttpFixture registry;

  @BeforeEach
  void start() throws IOException {
    registry = new HttpFixture(BlobStore.open(objects, directory, HttpFixture.LONGEST_BLOB));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void releasedBlobs_stayAndOthersGoAfterTheGrace() throws IOException {
    TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
    registry.upload(release.files());
    assertEquals(
        201, registry.post("/v1/releases", release.signed().bytes().toArray()).statusCode());
    Digest garbage = store(new byte[] {1, 2, 3});

    JsonNode young = collect("");
    assertEquals(0, young.path("deleted").path("count").asInt());
    assertEquals(3, young.path("young").path("bytes").asInt());

    objects.pass(HttpFixture.GRACE.plus(Duration.ofSeconds(1)));
    JsonNode dry = collect("?dry_run=true");
    assertTrue(dry.path("dryRun").asBoolean());
    assertEquals(garbage.toString(), dry.path("blobs").path(0).path("digest").asText());
    assertTrue(registry.store.find(garbage).isPresent());

    JsonNode swept = collect("?dry_run=false");
    assertEquals(1, swept.path("deleted").path("count").asInt());
    assertEquals(3, swept.path("deleted").path("bytes").asInt());
    assertEquals(4, swept.path("used").path("count").asInt());
    assertEquals(86_400, swept.path("graceSeconds").asInt());
    assertTrue(registry.store.find(garbage).isEmpty());
    for (ReleaseFile file : ReleaseFile.values()) {
      assertTrue(registry.store.find(Digest.of(release.files().of(file))).isPresent());
    }
    assertEquals(3.0, registry.metrics.getSampleValue("earshot_registry_gc_deleted_bytes_total"));
    assertEquals(1.0, runs("dry_run", "completed"));
    assertEquals(2.0, runs("sweep", "completed"));
  }

  @Test
  void repositoriesContent_stays() throws IOException {
    Digest manifest = store(MANIFEST);
    Digest linked = store(new byte[] {7});
    objects.put("repositories/a/b/_manifests/" + manifest.hex(), new byte[] {'x'});
    objects.put("repositories/a/b/_tags/v1.0", text(manifest));
    objects.put("repositories/a/b/_blobs/" + linked.hex(), new byte[0]);
    objects.pass(Duration.ofDays(100));
    JsonNode swept = collect("");
    assertEquals(1, swept.path("used").path("count").asInt());
    assertEquals(1, swept.path("linked").path("count").asInt());
    assertEquals(0, swept.path("deleted").path("count").asInt());
  }

  @Test
  void manifestOfAnIndexAndSubject_areFollowed() throws IOException {
    Digest layer = store(new byte[] {1});
    Digest config = store(new byte[] {2});
    Digest image =
        store(
            "{\"config\":{\"digest\":\"%s\"},\"layers\":[{\"digest\":\"%s\"}]}"
                .formatted(config, layer)
                .getBytes(StandardCharsets.UTF_8));
    Digest index =
        store(
            "{\"manifests\":[{\"digest\":\"%s\"},{\"digest\":\"%s\"}]}"
                .formatted(image, Digest.of(new byte[] {99}))
                .getBytes(StandardCharsets.UTF_8));
    Digest referrer =
        store(
            "{\"subject\":{\"digest\":\"%s\"}}".formatted(index).getBytes(StandardCharsets.UTF_8));
    objects.put(
        "repositories/a/_referrers/" + index.hex() + "/" + referrer.hex(), new byte[] {'{', '}'});
    objects.pass(Duration.ofDays(100));
    JsonNode swept = collect("");
    assertEquals(5, swept.path("used").path("count").asInt());
    assertEquals(1, swept.path("missingManifests").asInt());
  }

  @Test
  void whatIsNotUnderstood_stopsTheCollection() throws IOException {
    Digest garbage = store(new byte[] {1});
    Digest notJson = store("<xml/>".getBytes(StandardCharsets.UTF_8));
    objects.pass(Duration.ofDays(100));
    for (String strange :
        new String[] {
          "repositories/a/_leases/x",
          "repositories/a/b",
          "repositories/a/_blobs/zz",
          "repositories/a/_manifests/" + notJson.hex()
        }) {
      objects.put(strange, new byte[0]);
      HttpResponse<byte[]> answer = registry.post("/v1/gc", new byte[0]);
      assertEquals(503, answer.statusCode(), strange);
      String detail = HttpFixture.json(answer).path("detail").asText();
      assertTrue(detail.startsWith("garbage was not collected: "), detail);
      assertTrue(registry.store.find(garbage).isPresent());
      objects.delete(strange);
    }
    assertEquals(4.0, runs("sweep", "failed"));
    assertEquals(2, collect("").path("deleted").path("count").asInt());
  }

  @Test
  void onlyOperators_mayCollect() {
    HttpResponse<byte[]> answer =
        registry.send(HttpRequest.newBuilder(registry.uri("/v1/gc")).POST(BodyPublishers.noBody()));
    assertEquals(401, answer.statusCode());
    assertEquals(400, registry.post("/v1/gc?dry_run=yes", new byte[0]).statusCode());
  }

  private double runs(String mode, String outcome) {
    return registry.metrics.getSampleValue(
        "earshot_registry_gc_runs_total",
        new String[] {"mode", "outcome"},
        new String[] {mode, outcome});
  }

  private JsonNode collect(String query) {
    HttpResponse<byte[]> answer = registry.post("/v1/gc" + query, new byte[0]);
    assertEquals(200, answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
    return HttpFixture.json(answer);
  }

  /** Past HTTP, which may also link it. */
  private Digest store(byte[] content) throws IOException {
    try (var upload = registry.store.begin(Digest.of(content))) {
      upload.write(content);
      return upload.commit().digest();
    }
  }

  private static byte[] text(Digest digest) {
    return digest.toString().getBytes(StandardCharsets.UTF_8);
  }
}
