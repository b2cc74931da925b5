package dev.earshot.monitoring.mixin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Rules and dashboard as files. That every query returns data is tested where a whole system runs
 * ({@code WholePathIT} in {@code cli/earshot}).
 */
class MixinTest {
  private static final Path MIXIN = Path.of("mixin");

  @Test
  void promtool_acceptsTheRules_andTheirCasesHold() throws Exception {
    assumeTrue(installed(), "promtool is not installed (Debian: apt-get install prometheus)");
    run("promtool", "check", "rules", "rules/earshot.yaml");
    run("promtool", "test", "rules", "rules-test.yaml");
  }

  @Test
  void everyAlert_saysWhatItMeansAndWhatToDo() throws IOException {
    String rules = Files.readString(MIXIN.resolve("rules/earshot.yaml"));
    List<String> lines = rules.lines().map(String::strip).toList();
    long alerts = lines.stream().filter(line -> line.startsWith("- alert:")).count();
    assertTrue(alerts >= 8, "alerts: " + alerts);
    for (String field : List.of("severity:", "summary:", "description:", "runbook:")) {
      assertEquals(alerts, lines.stream().filter(line -> line.startsWith(field)).count(), field);
    }
  }

  @Test
  void dashboard_isClassicJson_andEveryPanelExplainsItself() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(MIXIN.resolve("dashboards/earshot-fleet.json").toFile());
    assertTrue(dashboard.path("schemaVersion").asInt() >= 36, "classic schema");
    assertFalse(dashboard.has("spec"), "the v2 format is refused by provisioning");
    Set<Integer> ids = new HashSet<>();
    Set<String> places = new HashSet<>();
    for (JsonNode panel : dashboard.path("panels")) {
      String title = panel.path("title").asText();
      assertTrue(ids.add(panel.path("id").asInt()), "panel id of " + title);
      assertTrue(places.add(panel.path("gridPos").toString()), "place of " + title);
      if (!panel.path("type").asText().equals("row")) {
        assertFalse(panel.path("description").asText().isBlank(), "description of " + title);
        assertFalse(panel.path("targets").isEmpty(), "queries of " + title);
        assertFalse(panel.at("/fieldConfig/defaults/unit").asText().isBlank(), "unit of " + title);
      }
    }
  }

  private static boolean installed() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(MIXIN.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), String.join(" ", command) + ":\n" + output);
  }
}
