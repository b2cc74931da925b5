package dev.earshot.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import dev.earshot.gateway.GatewayConfig;
import dev.earshot.gateway.GatewayMain;
import dev.earshot.gateway.limits.Limits;
import dev.earshot.monitoring.MonitoringConfig;
import dev.earshot.monitoring.MonitoringMain;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.registry.RegistryConfig;
import dev.earshot.registry.RegistryMain;
import dev.earshot.rollout.RolloutConfig;
import dev.earshot.rollout.RolloutMain;
import dev.earshot.service.Settings;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chart through the real Helm; its manifests against Kubernetes' own schemas, its settings
 * against the services.
 */
class ChartTest {
  private static final Path CHART = Path.of("earshot");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** Each service's main class, and how it reads its settings. */
  private static final Map<String, Consumer<Settings>> SERVICES =
      Map.of(
          GatewayMain.class.getName(), GatewayConfig::from,
          RegistryMain.class.getName(), RegistryConfig::from,
          RolloutMain.class.getName(), RolloutConfig::from,
          MonitoringMain.class.getName(), MonitoringConfig::from);

  /** The least that an installation must say. */
  private static final Map<String, Object> COMPLETE =
      Map.of(
          "kafka.bootstrapServers", "kafka:9092",
          "auth.token", "0123456789",
          "gateway.deviceAuth", "development",
          "registry.publicUrl", "https://models.example.com",
          "registry.trustSecret", "trust",
          "rollout.trustSecret", "director");

  private static final Map<String, String> REQUIRED =
      Map.of(
          "kafka.bootstrapServers", "kafka.bootstrapServers: missing (expected: host:port",
          "auth.token", "auth.token: missing (expected: a long random text",
          "gateway.deviceAuth", "gateway.deviceAuth: missing (expected: certificate, token",
          "registry.publicUrl", "registry.publicUrl: missing (expected: the URL",
          "registry.trustSecret", "registry.trustSecret: missing (expected: a Secret",
          "rollout.trustSecret", "rollout.trustSecret: missing (expected: a Secret");

  /** Numbers as they come from a file: Helm takes all of them for floating point ones. */
  private static final String LIMITED =
      """
      gateway:
        settings: {EARSHOT_MAX_IN_FLIGHT_MESSAGES: "20000"}
        limits:
          maxConnections: 1000000
          connectsPerSecond: 500
          connectWait: PT20S
          deviceConnectsPerMinute: 10
          deviceMessagesPerSecond: 5
          maxInFlightPerDevice: 50
          maxKeepAliveSeconds: 600
          fleetConnections: 100000
          fleetConnectsPerSecond: 100
          fleetMessagesPerSecond: 20000
          fleets: home connections=5000 messages-per-second=2000
      """;

  /** What {@code gateway.limits} becomes. */
  private static final Set<String> LIMITS =
      Set.of(
          "EARSHOT_MAX_CONNECTIONS",
          "EARSHOT_CONNECTS_PER_SECOND",
          "EARSHOT_CONNECT_WAIT",
          "EARSHOT_DEVICE_CONNECTS_PER_MINUTE",
          "EARSHOT_DEVICE_MESSAGES_PER_SECOND",
          "EARSHOT_MAX_IN_FLIGHT_PER_DEVICE",
          "EARSHOT_MAX_KEEP_ALIVE_SECONDS",
          "EARSHOT_FLEET_CONNECTIONS",
          "EARSHOT_FLEET_CONNECTS_PER_SECOND",
          "EARSHOT_FLEET_MESSAGES_PER_SECOND",
          "EARSHOT_FLEET_LIMITS");

  /** What the cluster mounts from Secrets and a service reads when it is configured. */
  @TempDir private static Path mounted;

  @BeforeAll
  static void mount() throws IOException {
    Path key = Files.writeString(mounted.resolve("director.key"), SigningKey.generate().toPem());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void chart_lintsWithoutAnError() {
    LintResult result = new Helm(CHART).lint().call();
    assertFalse(result.isFailed(), () -> String.join("\n", result.getMessages()));
  }

  @Test
  void everyManifest_isWhatKubernetesExpects() throws IOException {
    List<JsonNode> manifests = manifests(everything());
    Set<String> kinds = new HashSet<>();
    for (JsonNode manifest : manifests) {
      kinds.add(manifest.path("kind").asText());
      validate(manifest);
    }
    assertEquals(
        Set.of(
            "ConfigMap",
            "Deployment",
            "HorizontalPodAutoscaler",
            "Ingress",
            "PodDisruptionBudget",
            "PrometheusRule",
            "Secret",
            "Service",
            "ServiceAccount",
            "ServiceMonitor",
            "StatefulSet"),
        kinds);
  }

  @Test
  void everyEnvironmentVariable_isASettingThatItsServiceKnows() throws IOException {
    Set<String> seen = new HashSet<>();
    for (JsonNode manifest : manifests(everything())) {
      for (JsonNode container : manifest.at("/spec/template/spec/containers")) {
        Consumer<Settings> reader = SERVICES.get(container.at("/args/0").asText());
        if (reader != null) {
          seen.add(container.at("/args/0").asText());
          Settings settings = Settings.of(environment(container));
          reader.accept(settings);
          settings.finish(container.path("name").asText());
        }
      }
    }
    assertEquals(SERVICES.keySet(), seen, "services that the chart starts");
  }

  @Test
  void rulesAndDashboards_areThoseOfTheMixin_withRunbooksWherePeopleFindThem() throws IOException {
    Set<String> dashboards = new HashSet<>();
    List<String> runbooks = new ArrayList<>();
    for (JsonNode manifest : manifests(everything())) {
      if (manifest.at("/metadata/name").asText().endsWith("-dashboards")) {
        manifest.path("data").fieldNames().forEachRemaining(dashboards::add);
      }
      runbooks.addAll(manifest.findValuesAsText("runbook_url"));
    }
    assertEquals(
        Set.of(
            "earshot-fleet.json",
            "earshot-rollout.json",
            "earshot-release.json",
            "earshot-ingest.json",
            "earshot-gateway.json",
            "earshot-simulator.json"),
        dashboards);
    assertFalse(runbooks.isEmpty(), "alerts");
    for (String runbook : runbooks) {
      assertTrue(runbook.startsWith("https://docs.example.com/runbooks/Earshot"), runbook);
    }
  }

  @Test
  void everyPod_runsWithoutRootAndWithLimits() throws IOException {
    for (JsonNode manifest : manifests(everything())) {
      JsonNode pod = manifest.at("/spec/template/spec");
      if (pod.isMissingNode()) {
        continue;
      }
      String name = manifest.at("/metadata/name").asText();
      assertTrue(pod.at("/securityContext/runAsNonRoot").asBoolean(), name);
      for (JsonNode container : pod.path("containers")) {
        assertFalse(
            container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true), name);
        assertTrue(container.at("/resources/limits/memory").isTextual(), name);
        assertTrue(container.has("readinessProbe"), name);
      }
    }
  }

  @Test
  void selectors_matchThePodsOfTheirWorkload() throws IOException {
    List<JsonNode> manifests = manifests(everything());
    List<Map<String, String>> pods = new ArrayList<>();
    for (JsonNode manifest : manifests) {
      JsonNode labels = manifest.at("/spec/template/metadata/labels");
      if (labels.isObject()) {
        pods.add(map(labels));
      }
    }
    for (JsonNode manifest : manifests) {
      if (manifest.path("kind").asText().equals("Service")) {
        Map<String, String> selector = map(manifest.at("/spec/selector"));
        assertEquals(
            1,
            pods.stream().filter(pod -> pod.entrySet().containsAll(selector.entrySet())).count(),
            () -> manifest.at("/metadata/name").asText() + " selects one workload's pods");
      }
    }
  }

  @Test
  void gatewayWithCertificatesAndTokens_servesTlsOnly_andStarts() throws IOException {
    TemplateCommand template = template();
    COMPLETE.forEach(template::set);
    template
        .set("gateway.deviceAuth", "certificate-or-token")
        .set("gateway.tlsSecret", "gateway-tls")
        .set("gateway.identitySecret", "devices");
    List<String> files = List.of("ca.crt", "devices.crl", "denylist", "jwks.json");
    for (int i = 0; i < files.size(); i++) {
      template.set("gateway.identityFiles[" + i + "]", files.get(i));
    }
    template
        .set("gateway.tokens.issuer", "https://factory.example.com")
        .set("gateway.tokens.audience", "earshot");

    List<JsonNode> manifests = manifests(template.call());
    for (JsonNode manifest : manifests) {
      validate(manifest);
      if (manifest.at("/metadata/name").asText().equals("try-earshot-gateway")) {
        switch (manifest.path("kind").asText()) {
          case "Service" -> {
            assertEquals(1, manifest.at("/spec/ports").size());
            assertEquals(8883, manifest.at("/spec/ports/0/port").asInt());
          }
          case "Deployment" -> {
            JsonNode container = manifest.at("/spec/template/spec/containers/0");
            Settings settings = Settings.of(environment(container));
            GatewayConfig config = GatewayConfig.from(settings);
            settings.finish("gateway");
            assertEquals(List.of(), config.identity().problems());
            assertEquals(3, container.path("volumeMounts").size());
          }
          default -> {}
        }
      }
    }
  }

  @Test
  void limits_areTheGatewaysOwn_unlessTheyAreSet() throws IOException {
    Map<String, String> untouched = environment(gateway(complete().call()));
    LIMITS.forEach(setting -> assertFalse(untouched.containsKey(setting), setting));

    Map<String, String> environment =
        environment(gateway(complete().withValuesFile(limited()).call()));
    LIMITS.forEach(setting -> assertTrue(environment.containsKey(setting), setting));
    assertEquals("1000000", environment.get("EARSHOT_MAX_CONNECTIONS"));
    assertEquals("PT20S", environment.get("EARSHOT_CONNECT_WAIT"));
    assertEquals("20000", environment.get("EARSHOT_MAX_IN_FLIGHT_MESSAGES"));
  }

  @Test
  void limitsOfFleets_areAFileThatTheGatewayReads() throws IOException {
    String rendered = complete().withValuesFile(limited()).call();
    JsonNode map = manifest(rendered, "ConfigMap", "try-earshot-gateway-limits");
    assertTrue(
        manifest(rendered, "Deployment", "try-earshot-gateway")
            .at("/spec/template/spec/volumes")
            .findValuesAsText("name")
            .contains("try-earshot-gateway-limits"));
    Path file = Files.writeString(mounted.resolve("fleets"), map.at("/data/fleets").asText());
    Map<String, String> environment = environment(gateway(rendered));
    assertEquals("/etc/earshot/limits/fleets", environment.get("EARSHOT_FLEET_LIMITS"));
    environment.put("EARSHOT_FLEET_LIMITS", file.toString());
    GatewayConfig config = GatewayConfig.from(Settings.of(environment));
    Limits limits =
        new Limits(config.deviceLimits(), config.limits().maxPayloadBytes(), System::nanoTime);
    assertEquals("", limits.problem());
  }

  @Test
  void pod_livesLongerThanItsDrain() throws IOException {
    String rendered =
        complete()
            .set("gateway.drain.spreadSeconds", 100)
            .set("gateway.drain.timeoutSeconds", 120)
            .call();
    Map<String, String> environment = environment(gateway(rendered));
    assertEquals("PT100S", environment.get("EARSHOT_DRAIN_SPREAD"));
    assertEquals("PT120S", environment.get("EARSHOT_DRAIN_TIMEOUT"));
    JsonNode pod = manifest(rendered, "Deployment", "try-earshot-gateway");
    assertTrue(pod.at("/spec/template/spec/terminationGracePeriodSeconds").asInt() > 120);
  }

  @Test
  void webSocketBehindAnIngress_needsNoOpenPortWithoutTls() throws IOException {
    String rendered =
        complete()
            .set("gateway.deviceAuth", "token")
            .set("gateway.tlsSecret", "gateway-tls")
            .set("gateway.plainMqtt", true)
            .set("gateway.service.port", 0)
            .set("gateway.tokens.jwksUrl", "https://id.example.com/keys")
            .set("gateway.tokens.issuer", "https://id.example.com")
            .set("gateway.tokens.audience", "earshot")
            .set("gateway.webSocket.enabled", true)
            .set("gateway.webSocket.ingress.enabled", true)
            .set("gateway.webSocket.ingress.host", "mqtt.example.com")
            .set("gateway.webSocket.ingress.tlsSecret", "mqtt-tls")
            .call();
    JsonNode open = manifest(rendered, "Service", "try-earshot-gateway");
    assertEquals(List.of("mqtts"), open.at("/spec/ports").findValuesAsText("name"));
    JsonNode inside = manifest(rendered, "Service", "try-earshot-gateway-ws");
    assertEquals(List.of("ws", "wss"), inside.at("/spec/ports").findValuesAsText("name"));
    JsonNode ingress = manifest(rendered, "Ingress", "try-earshot-gateway-ws");
    assertEquals("/mqtt", ingress.at("/spec/rules/0/http/paths/0/path").asText());
    JsonNode backend = ingress.at("/spec/rules/0/http/paths/0/backend/service");
    assertEquals("try-earshot-gateway-ws", backend.path("name").asText());
    assertEquals("ws", backend.at("/port/name").asText());
    Map<String, String> environment = environment(gateway(rendered));
    assertEquals("8083", environment.get("EARSHOT_MQTT_WS_PORT"));
    assertEquals("8084", environment.get("EARSHOT_MQTTS_WS_PORT"));
  }

  @Test
  void contradictingValues_areNamedWithTheFix() {
    assertRefused(
        complete().set("registry.replicas", 2),
        "registry.replicas: 2 (expected: 1, or registry.s3.location");
    assertRefused(
        complete().set("gateway.deviceAuth", "token").set("gateway.webSocket.enabled", true),
        "gateway.webSocket.enabled: nothing to serve (expected: gateway.tlsSecret");
    assertRefused(
        complete().set("gateway.drain.spreadSeconds", 60),
        "gateway.drain.spreadSeconds: 60 (expected: less than gateway.drain.timeoutSeconds, 60)");
    assertRefused(
        complete().set("gateway.webSocket.ingress.enabled", true),
        "gateway.webSocket.ingress.enabled: an ingress hands on without TLS (expected:");
  }

  @Test
  void missingValues_areNamedWithTheFix() {
    REQUIRED.forEach(
        (value, message) -> {
          TemplateCommand template = template();
          COMPLETE.forEach(
              (name, given) -> {
                if (!name.equals(value)) {
                  template.set(name, given);
                }
              });
          assertRefused(template, message);
        });
  }

  private static void assertRefused(TemplateCommand template, String message) {
    String failure =
        String.valueOf(assertThrows(IllegalStateException.class, template::call).getMessage());
    assertTrue(failure.contains(message), failure);
  }

  private static TemplateCommand template() {
    return new Helm(CHART)
        .template()
        .withName("try")
        .withNamespace("voice")
        .withKubeVersion("1.31.0");
  }

  /** The least that an installation must say, and nothing else. */
  private static TemplateCommand complete() {
    TemplateCommand template = template();
    COMPLETE.forEach(template::set);
    return template;
  }

  private static JsonNode gateway(String rendered) throws IOException {
    return manifest(rendered, "Deployment", "try-earshot-gateway")
        .at("/spec/template/spec/containers/0");
  }

  private static JsonNode manifest(String rendered, String kind, String name) throws IOException {
    return manifests(rendered).stream()
        .filter(manifest -> manifest.path("kind").asText().equals(kind))
        .filter(manifest -> manifest.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }

  private static Path limited() throws IOException {
    return Files.writeString(mounted.resolve("limited.yaml"), LIMITED);
  }

  private static String everything() throws IOException {
    TemplateCommand template =
        template()
            .withValuesFile(limited())
            .set("kafka.singleNode.enabled", true)
            .set("gateway.autoscaling.enabled", true)
            .set("gateway.webSocket.enabled", true)
            .set("gateway.webSocket.ingress.enabled", true)
            .set("gateway.webSocket.ingress.host", "mqtt.example.com")
            .set("gateway.webSocket.ingress.tlsSecret", "mqtt-tls")
            .set("registry.s3.location", "s3://models/earshot")
            .set("registry.s3.endpoint", "http://minio:9000")
            .set("registry.s3.region", "eu-central-1")
            .set("registry.s3.pathStyle", true)
            .set("registry.s3.credentialsSecret", "bucket")
            .set("registry.replicas", 2)
            .set("rollout.operatorsSecret", "operators")
            .set("rollout.oidc.issuer", "https://id.example.com")
            .set("rollout.oidc.audience", "earshot")
            .set("monitoring.serviceMonitor.enabled", true)
            .set("monitoring.prometheusRule.enabled", true)
            .set("monitoring.prometheusRule.runbooks", "https://docs.example.com/runbooks/")
            .set("monitoring.dashboards.enabled", true);
    COMPLETE.forEach(template::set);
    return template.call();
  }

  private static List<JsonNode> manifests(String rendered) throws IOException {
    List<JsonNode> manifests = new ArrayList<>();
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(rendered)) {
      while (documents.hasNext()) {
        JsonNode document = documents.next();
        if (document.isObject()) {
          manifests.add(document);
        }
      }
    }
    return manifests;
  }

  private static void validate(JsonNode manifest) throws IOException {
    JsonElement json = JsonParser.parseString(manifest.toString());
    switch (manifest.path("kind").asText()) {
      case "ConfigMap" -> V1ConfigMap.validateJsonElement(json);
      case "Deployment" -> V1Deployment.validateJsonElement(json);
      case "HorizontalPodAutoscaler" -> V2HorizontalPodAutoscaler.validateJsonElement(json);
      case "Ingress" -> V1Ingress.validateJsonElement(json);
      case "PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(json);
      case "Secret" -> V1Secret.validateJsonElement(json);
      case "Service" -> V1Service.validateJsonElement(json);
      case "ServiceAccount" -> V1ServiceAccount.validateJsonElement(json);
      case "StatefulSet" -> V1StatefulSet.validateJsonElement(json);
      case "PrometheusRule" -> {
        assertTrue(manifest.at("/spec/groups").isArray(), "rule groups");
        assertFalse(manifest.at("/spec/groups").isEmpty(), "rule groups");
      }
      case "ServiceMonitor" -> assertEquals("http", manifest.at("/spec/endpoints/0/port").asText());
      default -> throw new AssertionError("a kind that no test knows: " + manifest.path("kind"));
    }
  }

  private static Map<String, String> environment(JsonNode container) {
    Map<String, String> environment = new TreeMap<>();
    for (JsonNode variable : container.path("env")) {
      environment.put(
          variable.path("name").asText(),
          variable.has("value")
              ? variable
                  .path("value")
                  .asText()
                  .replace("/etc/earshot-trust/director.key", mounted + "/director.key")
              : "from-the-cluster-0");
    }
    return environment;
  }

  private static Map<String, String> map(JsonNode labels) {
    Map<String, String> map = new HashMap<>();
    labels.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
    return map;
  }
}
