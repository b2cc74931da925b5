package dev.earshot.monitoring.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.http.ApiServer.Answer;
import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.protocol.v1.UpdateResult;
import dev.earshot.protocol.v1.UpdateState;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.vertx.ext.web.Route;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The committed description against the running server, and the other way round. */
final class OpenApiTest {
  private static final HealthKey KITCHEN =
      new HealthKey("home", "r-1", "hey-nova:1.0.0", "ndp120", "eu", "kitchen", "control");

  private ApiServer server;
  private JsonNode document;
  private String text;

  @BeforeEach
  void start() throws Exception {
    server = new ApiServer();
    text = server.get("/openapi.yaml").response().body();
    document = new ObjectMapper(new YAMLFactory()).readTree(text);
    server.fleet.devices.put("home/a", device());
    server.fleet.devices.put("home/b", DeviceHealth.getDefaultInstance());
    server.fleet.count(KITCHEN, Heartbeat.newBuilder().setWakes(3).build(), FakeFleet.NOW);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void document_isValidOpenApi31() {
    assertEquals("3.1.0", document.path("openapi").asText());
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
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (!method.equals("parameters")) {
                            described.add(
                                method.toUpperCase(Locale.ROOT)
                                    + " "
                                    + path.getKey().replaceAll("\\{(\\w+)}", ":$1"));
                          }
                        }));
    assertEquals(served, described);
  }

  @Test
  void document_namesExactlyTheParametersThatAreUnderstood() throws Exception {
    for (String path : List.of("/v1/devices", "/v1/health", "/v1/scores/{name}/{version}")) {
      Answer answer = server.get(path.replaceAll("\\{\\w+}", "1.0.0") + "?no-such=1");
      assertEquals(400, answer.status(), path);
      String message = answer.json().at("/errors/0/message").asText();
      Set<String> understood =
          new TreeSet<>(
              List.of(
                  message
                      .substring(message.indexOf("one of ") + 7, message.length() - 1)
                      .split(", ", -1)));
      Set<String> described = new TreeSet<>();
      document
          .path("paths")
          .path(path)
          .path("get")
          .path("parameters")
          .forEach(parameter -> described.add(parameter.path("name").asText()));
      assertEquals(understood, described, path);
    }
  }

  @Test
  void everyAnswer_isAsTheDocumentDescribesIt() throws Exception {
    check("/v1/devices", 200, server.get("/v1/devices?limit=1"));
    check("/v1/devices", 400, server.get("/v1/devices?limit=x"));
    check("/v1/devices", 401, server.get("/v1/devices", "nobody"));
    check("/v1/devices/{fleet}/{device}", 200, server.get("/v1/devices/home/a"));
    check("/v1/devices/{fleet}/{device}", 404, server.get("/v1/devices/home/nobody"));
    check("/v1/devices/{fleet}/{device}", 400, server.get("/v1/devices/home/no*body"));
    check("/v1/health", 200, server.get("/v1/health?by=arm,fleet&histograms=true&step=PT1H"));
    check("/v1/health", 400, server.get("/v1/health?step=P1Y"));
    check("/v1/scores/{name}/{version}", 200, server.get("/v1/scores/hey-nova/1.0.0"));
    check("/v1/scores/{name}/{version}", 200, server.get("/v1/scores/hey-nova/1.0.0?fleet=home"));
    check("/v1/scores/{name}/{version}", 404, server.get("/v1/scores/hey-nova/9.0.0"));
    check("/v1/scores/{name}/{version}", 400, server.get("/v1/scores/hey-nova/new"));
    server.fleet.problem = "stream is REBALANCING";
    check("/v1/devices", 503, server.get("/v1/devices"));
    check("/v1/devices/{fleet}/{device}", 503, server.get("/v1/devices/home/a"));
    check("/v1/health", 503, server.get("/v1/health"));
    check("/v1/scores/{name}/{version}", 503, server.get("/v1/scores/hey-nova/1.0.0"));
  }

  /** Status, media type and every field of the body. */
  private void check(String path, int status, Answer answer) {
    String what = path + " " + status + ": " + answer.response().body();
    assertEquals(status, answer.status(), what);
    JsonNode responses = document.path("paths").path(path).path("get").path("responses");
    JsonNode response =
        responses.has(Integer.toString(status))
            ? responses.path(Integer.toString(status))
            : responses.path("default");
    JsonNode resolved =
        response.has("$ref") ? document.at(response.path("$ref").asText().substring(1)) : response;
    JsonNode content = resolved.path("content").path(answer.header("Content-Type"));
    assertTrue(content.isObject(), answer.header("Content-Type") + " of " + what);
    ObjectNode schema = content.path("schema").deepCopy();
    schema.set("components", document.path("components"));
    List<Error> errors =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(schema)
            .validate(answer.json());
    assertEquals(List.of(), errors, what);
  }

  private static DeviceHealth device() {
    return DeviceHealth.newBuilder()
        .setRelease("hey-nova:1.0.0")
        .setEnvironment(Environment.CAR)
        .setArm(Arm.CONTROL)
        .setRollout("r-1")
        .setLastHeartbeatMs(FakeFleet.NOW)
        .setIntervalMs(900_000)
        .setUpdate(
            UpdateReport.newBuilder()
                .setState(UpdateState.FAILED)
                .setResult(UpdateResult.NOT_ENOUGH_FLASH))
        .build();
  }
}
