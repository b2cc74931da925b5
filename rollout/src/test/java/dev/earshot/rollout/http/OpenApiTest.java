package dev.earshot.rollout.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.rollout.http.ApiServer.Answer;
import dev.earshot.rollout.plan.PlanSchema;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed description against the running server, and the other way round. */
final class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");
  private static final String PLAN = "{release: 'hey-nova:1.1.0', cohort: 'true'}";

  @TempDir private Path directory;
  private ApiServer server;
  private JsonNode document;

  @BeforeEach
  void start() throws Exception {
    server = new ApiServer(directory);
    document = new ObjectMapper(new YAMLFactory()).readTree(Resource.OPENAPI.content().getBytes());
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void document_isValidOpenApi31() {
    assertEquals("3.1.0", document.path("openapi").asText());
    String text = Resource.OPENAPI.content().toString(StandardCharsets.UTF_8);
    assertEquals(List.of(), new OpenAPIV3Parser().readContents(text).getMessages());
  }

  @Test
  void document_describesExactlyTheRoutesThatAreServed() {
    Set<String> served = new TreeSet<>();
    for (Route route : server.router.getRoutes()) {
      if (route.methods() != null && String.valueOf(route.getPath()).startsWith("/v1/")) {
        route.methods().forEach(method -> served.add(method + " " + route.getPath()));
      }
    }
    Set<String> described = new TreeSet<>();
    operations(
        (path, method) ->
            described.add(
                method.toUpperCase(Locale.ROOT) + " " + path.replaceAll("\\{(\\w+)}", ":$1")));
    assertEquals(described, served);
  }

  @Test
  void server_serves_theDocument() throws Exception {
    Answer answer = server.get("/openapi.yaml");
    assertEquals(200, answer.status());
    assertEquals("application/yaml", answer.header("Content-Type"));
    assertFalse(answer.header("ETag").isEmpty());
  }

  @Test
  void publishedSchema_isThatOfPlans() throws Exception {
    assertEquals(PlanSchema.text(), server.get("/v1/plan.schema.json").response().body());
  }

  @Test
  void eachOperation_isOpenToExactlyTheRolesThatTheDocumentNames() {
    operations(
        (path, method) -> {
          Set<String> named = new TreeSet<>();
          operation(path, method).path("x-roles").forEach(role -> named.add(role.asText()));
          Set<String> letIn = new TreeSet<>();
          for (String role : List.of("viewer", "publisher", "operator", "approver")) {
            // A stream never ends by itself: what needs none is asked for as what it is not.
            int status =
                path.equals("/v1/events") ? streamStatus(role) : status(path, method, role);
            assertNotEquals(401, status);
            if (status != 403) {
              letIn.add(role);
            }
          }
          assertEquals(named, letIn, method + " " + path);
        });
  }

  @Test
  void everyAnswer_isAsTheDocumentDescribesIt() throws Exception {
    String id = server.created("{release: 'hey-nova:1.1.0', cohort: 'true', start: true}");
    server.created(PLAN);
    server.plane.assign(
        FakeControlPlane.DEVICE, id, Arm.TREATMENT, AssignmentState.ASSIGNMENT_COMMITTED);
    server.plane.assign("home/b", id, Arm.CONTROL, AssignmentState.ASSIGNMENT_OFFERED);
    String rollout = "/v1/rollouts/" + id;
    int revision = 1;
    for (String action : List.of("start", "approve", "pause", "resume", "promote", "abort")) {
      check(
          "/v1/rollouts/{id}/" + action,
          "post",
          200,
          server.post(rollout + "/" + action, "{}", "If-Match", "\"" + revision + "\""));
      revision++;
      check("/v1/rollouts/{id}/" + action, "post", 428, server.post(rollout + "/" + action, ""));
    }
    check("/v1/rollouts", "get", 200, server.get("/v1/rollouts?limit=1&state=running"));
    check("/v1/rollouts", "get", 400, server.get("/v1/rollouts?state=odd"));
    check("/v1/rollouts", "post", 201, server.post("/v1/rollouts", PLAN));
    check("/v1/rollouts", "post", 400, server.post("/v1/rollouts", "{}"));
    check("/v1/rollouts/{id}", "get", 200, server.get(rollout));
    check("/v1/rollouts/{id}", "get", 404, server.get("/v1/rollouts/r-0"));
    check("/v1/rollouts/{id}/events", "get", 200, server.get(rollout + "/events"));
    check("/v1/rollouts/{id}/assignments", "get", 200, server.get(rollout + "/assignments"));
    String device = "/assignments/" + FakeControlPlane.DEVICE;
    String one = "/v1/rollouts/{id}/assignments/{fleet}/{device}";
    check(one, "get", 200, server.get(rollout + device));
    check(one, "get", 404, server.get(rollout + "/assignments/home/nobody"));
    String ofDevice = "/v1/devices/{fleet}/{device}/assignment";
    check(ofDevice, "get", 200, server.get("/v1/devices/home/b/assignment"));
    check(ofDevice, "get", 404, server.get("/v1/devices/home/nobody/assignment"));
    check("/v1/plans/validate", "post", 200, server.post("/v1/plans/validate", PLAN));
    check("/v1/plans/validate", "post", 400, server.post("/v1/plans/validate", "{}"));
    check("/v1/plans/preview", "post", 200, server.post("/v1/plans/preview", PLAN));
    server.plane.stopCounting();
    check("/v1/plans/preview", "post", 503, server.post("/v1/plans/preview", PLAN));
    check("/v1/plan.schema.json", "get", 200, server.get("/v1/plan.schema.json"));
    check("/v1/me", "get", 200, server.get("/v1/me"));
    check("/v1/me", "get", 401, server.get("/v1/me", "Authorization", "Bearer nobody"));
    check(
        "/v1/rollouts/{id}/abort",
        "post",
        403,
        server.post(rollout + "/abort", "", ApiServer.as("viewer")));
  }

  /** Status, media type, required headers and every field of the body. */
  private void check(String path, String method, int status, Answer answer) {
    String what = method + " " + path + " " + status + ": " + answer.response().body();
    assertEquals(status, answer.status(), what);
    JsonNode responses = operation(path, method).path("responses");
    JsonNode response =
        resolve(
            responses.has(Integer.toString(status))
                ? responses.path(Integer.toString(status))
                : responses.path("default"));
    for (var header : response.path("headers").properties()) {
      if (resolve(header.getValue()).path("required").asBoolean()) {
        assertFalse(answer.header(header.getKey()).isEmpty(), header.getKey() + " of " + what);
      }
    }
    JsonNode content = response.path("content").path(answer.header("Content-Type"));
    assertTrue(content.isObject(), answer.header("Content-Type") + " of " + what);
    ObjectNode schema = content.path("schema").deepCopy();
    schema.set("components", document.path("components"));
    List<Error> errors =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(schema)
            .validate(answer.json());
    assertEquals(List.of(), errors, what);
  }

  private JsonNode operation(String path, String method) {
    JsonNode operation = document.path("paths").path(path).path(method);
    assertTrue(operation.isObject(), method + " " + path + " is not described");
    return operation;
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
  }

  private void operations(BiConsumer<String, String> each) {
    List<String[]> all = new ArrayList<>();
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
                            all.add(new String[] {path.getKey(), method});
                          }
                        }));
    all.forEach(operation -> each.accept(operation[0], operation[1]));
  }

  private int status(String path, String method, String role) {
    String real = path.replaceAll("\\{\\w+}", "unknown");
    try {
      return method.equals("get")
          ? server.get(real, ApiServer.as(role)).status()
          : server.post(real, "", ApiServer.as(role)).status();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private int streamStatus(String role) {
    try (Streaming stream =
        Streaming.open(server.request("/v1/events", ApiServer.as(role)).build())) {
      return stream.status();
    }
  }
}
