package dev.earshot.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What the dashboards and the recording rules ask, with variables filled in as Grafana does. */
final class DashboardQueries {
  private DashboardQueries() {}

  /**
   * Every query of every panel, of every variable and of every annotation, and every recorded
   * series.
   *
   * @return where it is asked, and what
   */
  static Map<String, String> of(Path mixin) throws IOException {
    Map<String, String> queries = new TreeMap<>();
    try (var files = Files.list(mixin.resolve("dashboards"))) {
      for (Path file : files.toList()) {
        add(queries, new ObjectMapper().readTree(file.toFile()));
      }
    }
    JsonNode rules =
        new ObjectMapper(new YAMLFactory()).readTree(mixin.resolve("rules/earshot.yaml").toFile());
    for (String record : rules.findValuesAsText("record")) {
      queries.put("rule " + record, record);
    }
    return queries;
  }

  private static void add(Map<String, String> queries, JsonNode dashboard) {
    String title = dashboard.path("title").asText();
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        String place = panel.path("title").asText() + " " + target.path("refId").asText();
        queries.put(title + ", " + place, filled(target.path("expr").asText()));
      }
    }
    for (JsonNode annotation : dashboard.at("/annotations/list")) {
      String place = title + ", annotation " + annotation.path("name").asText();
      queries.put(place, filled(annotation.at("/target/expr").asText()));
    }
    for (JsonNode variable : dashboard.at("/templating/list")) {
      if (variable.path("type").asText().equals("query")) {
        String asked = filled(variable.at("/query/query").asText());
        queries.put(
            title + ", variable " + variable.path("name").asText(),
            asked.replaceFirst("^label_values\\((.*), *(\\w+)\\)$", "count by ($2) ($1)"));
      }
    }
  }

  /** Everything selected; two names of variables may begin alike, the longer one is first. */
  private static String filled(String query) {
    return query
        .replace("$__rate_interval", "1m")
        .replace("$__interval", "10s")
        .replace("$__range", "10m")
        .replaceAll("\\$(fleet|cohort|rollout|release|environment|gateway)\\b", ".*");
  }
}
