package dev.earshot.monitoring.mixin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Rules, alerts and their runbooks as files. That every recorded series has data is tested where a
 * whole system runs ({@code WholePathIT} in {@code cli/earshot}).
 */
class MixinTest {
  private static final Path MIXIN = Path.of("mixin");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @Test
  void promtool_acceptsTheRules_andTheirCasesHold() throws Exception {
    assumeTrue(
        Tools.installed("promtool"),
        "promtool is not installed (Debian: apt-get install prometheus)");
    Tools.run(MIXIN, "promtool", "check", "rules", "rules/earshot.yaml");
    Tools.run(MIXIN, "promtool", "test", "rules", "rules-test.yaml");
  }

  @Test
  void everyAlert_saysWhatItMeans_andHasARunbookThatAgreesWithIt() throws IOException {
    List<JsonNode> alerts = alerts();
    assertTrue(alerts.size() >= 15, "alerts: " + alerts.size());
    for (JsonNode alert : alerts) {
      String name = alert.path("alert").asText();
      String severity = alert.at("/labels/severity").asText();
      assertTrue(Set.of("critical", "warning", "info").contains(severity), name + ": " + severity);
      for (String field : List.of("summary", "description")) {
        assertTrue(alert.at("/annotations/" + field).isTextual(), name + ": " + field);
      }
      String url = alert.at("/annotations/runbook_url").asText();
      assertEquals("runbooks/" + name + ".md", url);
      String runbook = Files.readString(MIXIN.resolve(url));
      assertTrue(runbook.startsWith("# " + name + "\n"), url + ": its title");
      assertTrue(runbook.contains("Severity: " + severity + "."), url + ": severity " + severity);
      assertTrue(
          oneLine(runbook).contains(oneLine(alert.path("expr").asText())),
          url + ": its expression is not the alert's");
      for (String part : List.of("What it means", "Where to look", "What to do")) {
        assertTrue(runbook.contains("\n## " + part + "\n"), url + ": " + part);
      }
    }
  }

  @Test
  void everyAlert_hasCasesInWhichItFiresAndInWhichItDoesNot() throws IOException {
    Set<String> fires = new TreeSet<>();
    Set<String> quiet = new TreeSet<>();
    JsonNode cases = YAML.readTree(MIXIN.resolve("rules-test.yaml").toFile());
    for (JsonNode test : cases.path("tests")) {
      for (JsonNode one : test.path("alert_rule_test")) {
        (one.path("exp_alerts").isEmpty() ? quiet : fires).add(one.path("alertname").asText());
      }
    }
    Set<String> names = new TreeSet<>();
    alerts().forEach(alert -> names.add(alert.path("alert").asText()));
    assertEquals(names, fires, "fires");
    assertEquals(names, quiet, "does not fire");
  }

  @Test
  void everyRunbook_isAnAlerts() throws IOException {
    Set<String> names = new TreeSet<>();
    alerts().forEach(alert -> names.add(alert.path("alert").asText() + ".md"));
    Set<String> files = new TreeSet<>();
    try (var folder = Files.list(MIXIN.resolve("runbooks"))) {
      folder.forEach(file -> files.add(file.getFileName().toString()));
    }
    assertEquals(names, files);
  }

  @Test
  void everyRecordedSeries_isNamedLevelMetricOperations() throws IOException {
    List<String> records = rules().findValuesAsText("record");
    assertTrue(records.size() >= 10, "records: " + records.size());
    for (String record : records) {
      assertTrue(
          record.matches("[a-z_]+:earshot_[a-z_]+:[a-z0-9_]+"),
          record + " (expected: level:metric:operations)");
    }
  }

  private static List<JsonNode> alerts() throws IOException {
    List<JsonNode> alerts = new ArrayList<>();
    for (JsonNode group : rules().path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        if (rule.has("alert")) {
          alerts.add(rule);
        }
      }
    }
    return alerts;
  }

  private static JsonNode rules() throws IOException {
    return YAML.readTree(MIXIN.resolve("rules/earshot.yaml").toFile());
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
