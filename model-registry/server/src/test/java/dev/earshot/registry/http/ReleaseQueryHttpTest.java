package dev.earshot.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.TinyModel;
import dev.earshot.registry.query.ReleaseField;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Search, status, aliases and comparison over HTTP; every answer is held against its schema. */
class ReleaseQueryHttpTest {
  private static final String ONE = "/v1/releases/{name}/{version}";
  private static final String ALIAS = "/v1/releases/{name}/aliases/{alias}";
  private static final String FIRST = "/v1/releases/hey-nova/1.0.0";
  private static final String PRODUCTION = "/v1/releases/hey-nova/aliases/production";

  @TempDir private Path directory;
  private HttpFixture registry;
  private JsonNode document;

  @BeforeEach
  void start() throws IOException {
    registry = new HttpFixture(directory);
    document = new YAMLMapper().readTree(registry.get("/openapi.yaml").body());
    publish(TestRelease.of("hey-nova:1.0.0", 1), "");
    publish(
        TestRelease.of(
            ReleaseRef.parse("hey-nova:1.1.0"),
            2,
            List.of("ndp120", "ndp101"),
            TinyModel.smallInt4(2),
            "hey-nova:1.0.0"),
        "");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void search_findsByWhatMatters() {
    assertEquals(List.of("hey-nova:1.1.0", "hey-nova:1.0.0"), found("chip = ndp120 and fah < 0.5"));
    assertEquals(List.of("hey-nova:1.1.0"), found("chip = ndp101 and frr <= 0.05"));
    assertEquals(List.of(), found("environment = kitchen and fah < 0.5"));
    JsonNode listed =
        check("/v1/releases", "get", 200, registry.get("/v1/releases?sort=version&limit=1"));
    assertEquals("hey-nova:1.0.0", listed.at("/releases/0/release").asText());
    assertTrue(listed.at("/releases/0/evaluation/environments/0/det").isMissingNode());
    assertTrue(listed.at("/releases/0/model").isMissingNode());
  }

  @Test
  void pages_carryQueryAndOrderOn() {
    HttpResponse<byte[]> first =
        registry.get("/v1/releases?limit=1&sort=-version&q=" + encoded("fah < 100"));
    String link = first.headers().firstValue("Link").orElseThrow();
    HttpResponse<byte[]> second = registry.get(link.substring(1, link.indexOf('>')));
    assertEquals(
        List.of("hey-nova:1.0.0"),
        HttpFixture.json(second).path("releases").findValuesAsText("release"));
    assertTrue(second.headers().firstValue("Link").isEmpty());
    String tag = second.headers().firstValue("ETag").orElseThrow();
    assertEquals(
        304, registry.get(link.substring(1, link.indexOf('>')), "If-None-Match", tag).statusCode());
  }

  @Test
  void wrongQuery_isToldWhereAndWhat() {
    JsonNode problem =
        check("/v1/releases", "get", 400, registry.get("/v1/releases?q=" + encoded("fha < 0.5")));
    assertEquals(
        "at character 1: unknown field 'fha' (did you mean fah?)", problem.path("detail").asText());
    assertEquals("q", problem.at("/errors/0/field").asText());
    assertEquals(
        "sort",
        HttpFixture.json(registry.get("/v1/releases?sort=fha")).at("/errors/0/field").asText());
  }

  @Test
  void document_explainsEveryField() {
    String said =
        document.at("/paths/~1v1~1releases/get/parameters").findValuesAsText("description").get(1);
    for (ReleaseField field : ReleaseField.values()) {
      String row =
          "| %s | %s | %s | %s |"
              .formatted(
                  field.word(),
                  field.type().name().toLowerCase(Locale.ROOT),
                  field.unit(),
                  field.meaning());
      assertTrue(said.contains(row), row);
    }
  }

  @Test
  void release_showsWhatItIsCostsAndWasMeasuredToDo() {
    JsonNode shown = check(ONE, "get", 200, registry.get("/v1/releases/hey-nova/1.1.0"));
    assertEquals("hey-nova:1.0.0", shown.at("/lineage/parent").asText());
    assertEquals("per tensor", shown.at("/model/quantization").asText());
    assertEquals("FULLY_CONNECTED", shown.at("/model/layers/0/kind").asText());
    assertEquals("ndp101", shown.at("/costs/1/chip").asText());
    JsonNode kitchen = shown.at("/evaluation/environments/0");
    assertEquals(3, kitchen.path("det").size());
    // 2 in 4 hours: Garwood's 0.2422 and 7.2247, over 4.
    assertEquals(0.06055, kitchen.at("/falseAcceptsPerHourInterval/low").asDouble(), 5e-5);
    assertEquals(1.80617, kitchen.at("/falseAcceptsPerHourInterval/high").asDouble(), 5e-5);
    assertEquals(0.05, kitchen.path("falseRejectRate").asDouble());
  }

  @Test
  void status_movesWithReasonAndActor() {
    JsonNode approved =
        check(ONE, "patch", 200, patch(FIRST, tag(FIRST), status("approved", "heard it")));
    assertEquals("approved", approved.path("status").asText());
    assertEquals("heard it", approved.at("/statusChange/reason").asText());
    assertEquals("ada", approved.at("/statusChange/by").asText());
    JsonNode again =
        check(ONE, "patch", 200, patch(FIRST, tag(FIRST), status("approved", "me too")));
    assertEquals("heard it", again.at("/statusChange/reason").asText());
    check(ONE, "patch", 200, patch(FIRST, tag(FIRST), status("revoked", "wakes to rain")));
    JsonNode illegal =
        check(ONE, "patch", 409, patch(FIRST, tag(FIRST), status("approved", "sorry")));
    assertEquals("/problems/illegal-transition", illegal.path("type").asText());
    assertEquals(
        "hey-nova:1.0.0 is revoked and can't become approved (expected: nothing; this is final)",
        illegal.path("detail").asText());
    assertEquals(List.of("hey-nova:1.0.0"), found("status = revoked"));
  }

  @Test
  void decisionOnSomethingElse_isRefused() {
    String seen = tag(FIRST);
    check(ONE, "patch", 428, patch(FIRST, null, status("approved", "blind")));
    check(ONE, "patch", 200, patch(FIRST, seen, status("approved", "first")));
    check(ONE, "patch", 412, patch(FIRST, seen, status("deprecated", "second")));
    check(ONE, "patch", 404, patch("/v1/releases/hey-nova/9.9.9", "*", status("approved", "x")));
    HttpResponse<byte[]> stranger =
        registry.send(
            HttpRequest.newBuilder(registry.uri(FIRST))
                .header("If-Match", "*")
                .method("PATCH", BodyPublishers.ofString(status("revoked", "x"))));
    check(ONE, "patch", 401, stranger);
  }

  @Test
  void wrongBody_isToldByField() {
    for (String[] wrong :
        List.of(
            new String[] {"{\"status\":\"aproved\",\"reason\":\"x\"}", "status"},
            new String[] {"{\"status\":\"approved\"}", "reason"},
            new String[] {"{\"status\":\"approved\",\"reason\":\"x\",\"acter\":\"y\"}", "acter"},
            new String[] {"{\"status\":1,\"reason\":\"x\"}", "status"})) {
      JsonNode problem = check(ONE, "patch", 400, patch(FIRST, "*", wrong[0]));
      assertEquals(wrong[1], problem.at("/errors/0/field").asText(), problem.toString());
    }
    check(ONE, "patch", 400, patch(FIRST, "*", "["));
    check(ONE, "patch", 400, patch(FIRST, "*", status("approved", " ")));
    check(ONE, "patch", 400, patch(FIRST, "*", status("approved", "x".repeat(201))));
  }

  @Test
  void draft_becomesCandidateFirst() throws IOException {
    publish(TestRelease.of("hey-nova:2.0.0", 3), "?status=draft");
    String two = "/v1/releases/hey-nova/2.0.0";
    assertEquals("draft", HttpFixture.json(registry.get(two)).path("status").asText());
    check(ONE, "patch", 409, patch(two, "*", status("approved", "too soon")));
    check(ALIAS, "put", 409, put(PRODUCTION, "If-None-Match", "*", "2.0.0"));
    check(ONE, "patch", 200, patch(two, "*", status("candidate", "ready")));
    assertEquals(400, registry.post("/v1/releases?status=approved", new byte[0]).statusCode());
  }

  @Test
  void alias_isMadeMovedAndRemoved() {
    check(ALIAS, "get", 404, registry.get(PRODUCTION));
    check(ALIAS, "put", 428, put(PRODUCTION, "X-Nothing", "", "1.0.0"));
    check(ALIAS, "put", 409, put(PRODUCTION, "If-None-Match", "*", "9.9.9"));
    JsonNode made = check(ALIAS, "put", 201, put(PRODUCTION, "If-None-Match", "*", "1.0.0"));
    assertEquals("hey-nova:1.0.0", made.path("release").asText());
    check(ALIAS, "put", 412, put(PRODUCTION, "If-None-Match", "*", "1.1.0"));
    String seen = tag(PRODUCTION);
    check(ALIAS, "put", 200, put(PRODUCTION, "If-Match", seen, "1.1.0"));
    check(ALIAS, "put", 412, put(PRODUCTION, "If-Match", seen, "1.0.0"));
    assertEquals(
        "1.1.0", check(ALIAS, "get", 200, registry.get(PRODUCTION)).path("version").asText());
    check("/v1/releases/{name}/aliases", "get", 200, registry.get("/v1/releases/hey-nova/aliases"));
    assertEquals(List.of("hey-nova:1.1.0"), found("alias = production"));

    check(ALIAS, "delete", 428, delete(PRODUCTION, null));
    check(ALIAS, "delete", 412, delete(PRODUCTION, seen));
    assertEquals(204, delete(PRODUCTION, tag(PRODUCTION)).statusCode());
    check(ALIAS, "get", 404, registry.get(PRODUCTION));
    check(ALIAS, "get", 400, registry.get("/v1/releases/hey-nova/aliases/1.0.0"));
  }

  @Test
  void comparison_takesVersionsAndAliases() {
    put(PRODUCTION, "If-None-Match", "*", "1.0.0");
    String path = "/v1/releases/compare";
    JsonNode compared =
        check(path, "get", 200, registry.get(path + "?a=hey-nova@production&b=hey-nova:1.1.0"));
    assertEquals(
        "hey-nova:1.0.0 is the parent of hey-nova:1.1.0", compared.path("lineage").asText());
    assertEquals("hey-nova@production", compared.path("labelA").asText());
    check(path, "get", 404, registry.get(path + "?a=hey-nova@candidate&b=hey-nova:1.1.0"));
    check(path, "get", 404, registry.get(path + "?a=hey-nova:1.0.0&b=hey-nova:9.9.9"));
    check(path, "get", 400, registry.get(path + "?a=hey-nova:1.0.0"));
  }

  /** The body, once status and schema are as the document says. */
  private JsonNode check(String path, String method, int status, HttpResponse<byte[]> answer) {
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    assertEquals(status, answer.statusCode(), text);
    JsonNode response =
        resolve(document.path("paths").path(path).path(method).at("/responses/" + status));
    JsonNode schema = response.path("content").path(0);
    for (JsonNode content : response.path("content")) {
      schema = content.path("schema");
    }
    assertTrue(schema.isObject(), path + " " + method + " " + status + " is not documented");
    ObjectNode whole = schema.deepCopy();
    whole.set("components", document.path("components"));
    JsonNode body = HttpFixture.json(answer);
    assertEquals(
        List.of(),
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(whole)
            .validate(body));
    return body;
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
  }

  private void publish(TestRelease release, String query) {
    registry.upload(release.files());
    HttpResponse<byte[]> answer =
        registry.post("/v1/releases" + query, release.signed().bytes().toArray());
    assertEquals(201, answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
  }

  private List<String> found(String query) {
    return check("/v1/releases", "get", 200, registry.get("/v1/releases?q=" + encoded(query)))
        .path("releases")
        .findValuesAsText("release");
  }

  private String tag(String path) {
    return registry.get(path).headers().firstValue("ETag").orElseThrow();
  }

  private static String status(String status, String reason) {
    return "{\"status\":\"%s\",\"reason\":\"%s\",\"actor\":\"ada\"}".formatted(status, reason);
  }

  private HttpResponse<byte[]> patch(String path, @Nullable String match, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(registry.uri(path))
            .header("Authorization", "Bearer " + HttpFixture.TOKEN)
            .method("PATCH", BodyPublishers.ofString(body));
    return registry.send(match == null ? request : request.header("If-Match", match));
  }

  private HttpResponse<byte[]> put(String path, String header, String value, String version) {
    return registry.send(
        HttpRequest.newBuilder(registry.uri(path))
            .header("Authorization", "Bearer " + HttpFixture.TOKEN)
            .header(header, value)
            .PUT(BodyPublishers.ofString("{\"version\":\"" + version + "\"}")));
  }

  private HttpResponse<byte[]> delete(String path, @Nullable String match) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(registry.uri(path))
            .header("Authorization", "Bearer " + HttpFixture.TOKEN)
            .DELETE();
    return registry.send(match == null ? request : request.header("If-Match", match));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
