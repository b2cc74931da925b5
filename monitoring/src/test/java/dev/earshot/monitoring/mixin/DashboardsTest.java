package dev.earshot.monitoring.mixin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The dashboards as files. That every query returns data is tested where a whole system runs
 * ({@code WholePathIT} in {@code cli/earshot}).
 */
class DashboardsTest {
  private static final Path MIXIN = Path.of("mixin");
  private static final Pattern LINK = Pattern.compile("/d/([a-z-]+)\\?");
  private static final Pattern LINKED_VARIABLE = Pattern.compile("&var-(\\w+)=");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z_]\\w*)\\}?");
  private static final int COLUMNS = 24;

  private final Map<String, JsonNode> dashboards = read();

  @Test
  void dashboards_areTheSix_inClassicJson() {
    assertEquals(
        Set.of(
            "earshot-fleet",
            "earshot-rollout",
            "earshot-release",
            "earshot-ingest",
            "earshot-gateway",
            "earshot-simulator"),
        dashboards.keySet());
    dashboards.forEach(
        (uid, dashboard) -> {
          assertTrue(dashboard.path("schemaVersion").asInt() >= 36, uid + ": classic schema");
          assertFalse(dashboard.has("spec"), uid + ": provisioning refuses the v2 format");
          assertFalse(dashboard.path("description").asText().isBlank(), uid + ": description");
          assertEquals("earshot", dashboard.at("/tags/0").asText(), uid + ": tag");
        });
  }

  @Test
  void everyPanel_explainsItself() {
    everyPanel(
        (uid, panel) -> {
          String name = uid + ": " + panel.path("title").asText();
          assertFalse(panel.path("description").asText().isBlank(), name + ": description");
          assertFalse(panel.path("targets").isEmpty(), name + ": queries");
          assertFalse(panel.at("/fieldConfig/defaults/unit").asText().isBlank(), name + ": unit");
        });
  }

  @Test
  void panels_haveIdsAndPlacesOfTheirOwn() {
    dashboards.forEach(
        (uid, dashboard) -> {
          Set<Integer> ids = new HashSet<>();
          Set<Long> cells = new HashSet<>();
          for (JsonNode panel : dashboard.path("panels")) {
            String name = uid + ": " + panel.path("title").asText();
            assertTrue(ids.add(panel.path("id").asInt()), name + ": id");
            JsonNode place = panel.path("gridPos");
            int x = place.path("x").asInt();
            int y = place.path("y").asInt();
            assertTrue(x + place.path("w").asInt() <= COLUMNS, name + ": too wide");
            for (int column = x; column < x + place.path("w").asInt(); column++) {
              for (int row = y; row < y + place.path("h").asInt(); row++) {
                assertTrue(cells.add((long) row * COLUMNS + column), name + ": overlaps");
              }
            }
          }
        });
  }

  @Test
  void everyVariableOfAQuery_isOneOfTheDashboard() {
    everyPanel(
        (uid, panel) -> {
          for (JsonNode target : panel.path("targets")) {
            Matcher used = VARIABLE.matcher(target.path("expr").asText());
            while (used.find()) {
              String name = used.group(1);
              assertTrue(
                  name.startsWith("__") || variables(uid).contains(name),
                  () -> uid + ", " + panel.path("title").asText() + ": $" + name);
            }
          }
        });
  }

  @Test
  void everyLink_leadsToADashboard_andSetsVariablesThatItHas() {
    Set<String> linked = new TreeSet<>();
    everyPanel(
        (uid, panel) -> {
          for (String url : panel.findValuesAsText("url")) {
            Matcher link = LINK.matcher(url);
            assertTrue(link.find(), () -> uid + ": " + url);
            String target = link.group(1);
            linked.add(target);
            assertTrue(dashboards.containsKey(target), () -> uid + ": " + url);
            Matcher variable = LINKED_VARIABLE.matcher(url);
            while (variable.find()) {
              assertTrue(variables(target).contains(variable.group(1)), () -> uid + ": " + url);
            }
          }
        });
    assertTrue(linked.contains("earshot-rollout"), "linked: " + linked);
    dashboards.forEach(
        (uid, dashboard) ->
            assertEquals("dashboards", dashboard.at("/links/0/type").asText(), uid + ": menu"));
  }

  @Test
  void fleet_isOneClickAwayFromTheEnvironmentOfARollout() {
    List<String> urls = new ArrayList<>();
    for (JsonNode panel : dashboard("earshot-fleet").path("panels")) {
      if (panel.path("type").asText().equals("table")) {
        urls.addAll(panel.findValuesAsText("url"));
      }
    }
    assertTrue(
        urls.stream()
            .anyMatch(
                url ->
                    url.startsWith("/d/earshot-rollout?")
                        && url.contains("&var-rollout=${__data.fields.Rollout}")
                        && url.contains("&var-environment=${__data.fields.Environment}")),
        "links: " + urls);
  }

  @Test
  void files_areWhatTheGeneratorWrites() throws Exception {
    assumeTrue(Tools.installed("node"), "Node is not installed (Debian: apt-get install nodejs)");
    Tools.run(MIXIN, "node", "source/build.mjs", "--check");
  }

  @Test
  void files_areWhatGrafanasTypesSay() throws Exception {
    assumeTrue(Tools.installed("node"), "Node is not installed (Debian: apt-get install nodejs)");
    assumeTrue(
        Files.isDirectory(MIXIN.resolve("source/node_modules/@grafana/schema")),
        "Grafana's types are not installed (npm ci --prefix monitoring/mixin/source)");
    Tools.run(MIXIN, "node", "source/types.mjs");
  }

  private interface PanelCheck {
    void of(String uid, JsonNode panel);
  }

  private void everyPanel(PanelCheck check) {
    dashboards.forEach(
        (uid, dashboard) -> {
          for (JsonNode panel : dashboard.path("panels")) {
            if (!panel.path("type").asText().equals("row")) {
              check.of(uid, panel);
            }
          }
        });
  }

  private Set<String> variables(String uid) {
    return new HashSet<>(dashboard(uid).path("templating").path("list").findValuesAsText("name"));
  }

  private JsonNode dashboard(String uid) {
    return Objects.requireNonNull(dashboards.get(uid), uid);
  }

  private static Map<String, JsonNode> read() {
    Map<String, JsonNode> read = new TreeMap<>();
    try (var files = Files.list(MIXIN.resolve("dashboards"))) {
      for (Path file : files.toList()) {
        JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
        String uid = dashboard.path("uid").asText();
        assertEquals(uid + ".json", file.getFileName().toString());
        read.put(uid, dashboard);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return read;
  }
}
