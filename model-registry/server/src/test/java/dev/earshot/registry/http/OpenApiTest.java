package dev.earshot.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.earshot.protocol.Digest;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.TestTrust;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document that is served, held against the server that serves it. */
class OpenApiTest {
  private static final Set<String> METHODS =
      Set.of("get", "head", "post", "put", "patch", "delete");
  private static final List<String> ELSEWHERE =
      List.of(
          "/uploads/{",
          "/manifests/",
          "/tags/",
          "/referrers/",
          "DELETE /v2/",
          "/aliases",
          "/compare",
          "PATCH /v1/");

  @TempDir private Path directory;
  private HttpFixture registry;
  private JsonNode document;

  @BeforeEach
  void start() throws IOException {
    registry = new HttpFixture(directory);
    document = new YAMLMapper().readTree(registry.get("/openapi.yaml").body());
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void document_hasExactlyTheRoutesOfTheRouter() {
    Set<String> routed = new TreeSet<>();
    for (Route route : registry.router.getRoutes()) {
      if (route.methods() != null) {
        String path = route.getName() == null ? route.getPath() : route.getName();
        route.methods().forEach(method -> routed.add(method + " " + path));
      }
    }
    assertEquals(routed, documented());
    assertEquals("3.1.0", document.path("openapi").asText());
  }

  @Test
  void everyDocumentedRoute_answersAsDocumented() throws IOException {
    TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
    registry.upload(release.files());
    assertEquals(
        201, registry.post("/v1/releases", release.signed().bytes().toArray()).statusCode());
    byte[] blob = {1, 2, 3};
    Map<String, String> values =
        Map.of(
            "{name}",
            "hey-nova",
            "{version}",
            "1.0.0",
            "{digest}",
            release.manifest().model().digest().toString(),
            "{side}",
            "image",
            "{file}",
            "1.targets.json");
    Set<String> walked = new TreeSet<>(documented());
    // Those go on with one another's answers; OciWalkTest and ReleaseQueryHttpTest hold them.
    walked.removeIf(operation -> ELSEWHERE.stream().anyMatch(operation::contains));
    for (String operation : walked) {
      String method = operation.substring(0, operation.indexOf(' '));
      String template = operation.substring(method.length() + 1);
      String path = template;
      for (Map.Entry<String, String> value : values.entrySet()) {
        path = path.replace(value.getKey(), value.getValue());
      }
      boolean upload = template.endsWith("/uploads/");
      byte[] body =
          switch (method) {
            case "POST" -> upload ? blob : release.signed().bytes().toArray();
            case "PUT" -> TestTrust.KEYS.firstTargets().bytes();
            default -> new byte[0];
          };
      HttpResponse<byte[]> answer =
          registry.send(
              HttpRequest.newBuilder(
                      registry.uri(upload ? path + "?digest=" + Digest.of(blob) : path))
                  .header("Authorization", "Bearer " + HttpFixture.TOKEN)
                  .method(method, BodyPublishers.ofByteArray(body)));
      JsonNode responses =
          document
              .path("paths")
              .path(template)
              .path(method.toLowerCase(Locale.ROOT))
              .path("responses");
      assertTrue(answer.statusCode() < 300, operation + " answered " + answer.statusCode());
      assertTrue(responses.has(Integer.toString(answer.statusCode())), operation);
    }
  }

  private Set<String> documented() {
    Set<String> operations = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (METHODS.contains(method)) {
                            operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                          }
                        }));
    return operations;
  }
}
