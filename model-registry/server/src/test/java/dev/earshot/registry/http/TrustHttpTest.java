package dev.earshot.registry.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.TestTrust;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustHttpTest {
  private static final String TARGETS = "/v1/trust/image/1.targets.json";

  @TempDir private Path directory;

  @Test
  void metadata_isServedByteForByteAndCached() throws IOException {
    try (HttpFixture registry = new HttpFixture(directory)) {
      HttpResponse<byte[]> targets = registry.get(TARGETS);
      assertEquals(200, targets.statusCode());
      assertArrayEquals(TestTrust.KEYS.firstTargets().bytes(), targets.body());
      assertEquals("public, max-age=31536000, immutable", header(targets, "cache-control"));
      HttpResponse<byte[]> timestamp = registry.get("/v1/trust/image/timestamp.json");
      assertEquals("public, no-cache", header(timestamp, "cache-control"));
      String tag = header(timestamp, "etag");
      assertEquals(
          304, registry.get("/v1/trust/image/timestamp.json", "If-None-Match", tag).statusCode());
      assertArrayEquals(
          TestTrust.KEYS.firstDirectorRoot().bytes(),
          registry.get("/v1/trust/director/1.root.json").body());
    }
  }

  @Test
  void nextRoot_isNotFoundAndThatIsNotCached() throws IOException {
    try (HttpFixture registry = new HttpFixture(directory)) {
      HttpResponse<byte[]> absent = registry.get("/v1/trust/image/2.root.json");
      assertEquals(404, absent.statusCode());
      assertEquals("no-store", header(absent, "cache-control"));
      assertEquals(400, registry.get("/v1/trust/image/..%2Fsecret").statusCode());
      assertEquals(400, registry.get("/v1/trust/elsewhere/1.root.json").statusCode());
    }
  }

  @Test
  void publishedRelease_isListedInTwoSteps() throws IOException {
    try (HttpFixture registry = new HttpFixture(directory)) {
      TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
      Envelope<Targets> role =
          Envelope.sign(
              new Targets(
                  1,
                  TestRelease.EXPIRES,
                  Map.of(release.ref().manifestPath(), release.signed().target()),
                  List.of()),
              List.of(TestRelease.KEY));
      String path = "/v1/trust/image/1.publisher.json";
      HttpResponse<byte[]> early = registry.put(path, role.bytes());
      assertEquals(422, early.statusCode());
      assertEquals(
          "targets.hey-nova/1.0.0/manifest.json",
          HttpFixture.json(early).path("errors").path(0).path("field").asText());
      registry.upload(release.files());
      assertEquals(
          201, registry.post("/v1/releases", release.signed().bytes().toArray()).statusCode());
      assertEquals(201, registry.put(path, role.bytes()).statusCode());
      assertEquals(200, registry.put(path, role.bytes()).statusCode());
      assertArrayEquals(role.bytes(), registry.get(path).body());
    }
  }

  @Test
  void expiryOfEveryRole_isAMetric() throws IOException {
    try (HttpFixture registry = new HttpFixture(directory)) {
      String metrics = new String(registry.get("/metrics").body(), StandardCharsets.UTF_8);
      for (String labels :
          List.of(
              "side=\"image\",role=\"root\"",
              "side=\"image\",role=\"timestamp\"",
              "side=\"director\",role=\"root\"")) {
        assertTrue(
            metrics.contains("earshot_registry_trust_expiry_timestamp_seconds{" + labels), metrics);
      }
    }
  }

  @Test
  void withoutToken_nothingIsTaken() throws IOException {
    try (HttpFixture registry = new HttpFixture(directory)) {
      HttpResponse<byte[]> refused =
          registry.send(
              HttpRequest.newBuilder(registry.uri("/v1/trust/image/2.targets.json"))
                  .PUT(BodyPublishers.ofByteArray(TestTrust.KEYS.firstTargets().bytes())));
      assertEquals(401, refused.statusCode());
    }
  }

  @Test
  void releaseBeforeAnyTargets_isRefusedWithTheFix() throws IOException {
    try (HttpFixture registry = new HttpFixture(directory, TestTrust.pinned())) {
      TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
      HttpResponse<byte[]> refused =
          registry.post("/v1/releases", release.signed().bytes().toArray());
      assertEquals(422, refused.statusCode());
      String detail = HttpFixture.json(refused).path("detail").asText();
      assertTrue(detail.contains("earshot trust push DIR --registry URL"), detail);
      assertEquals(200, registry.get("/health/ready").statusCode());
      assertEquals(201, registry.put(TARGETS, TestTrust.KEYS.firstTargets().bytes()).statusCode());
    }
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
