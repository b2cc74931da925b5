package dev.earshot.cli.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PreviewViewTest {
  private static final String PREVIEW =
      """
      {"release": "hey-nova:1.1.0", "cohort": "true", "start_at": null,
       "who": {"known": 1200, "reachable": 1000,
               "excluded": [{"reason": "not_heard", "devices": 12}],
               "environments": [{"environment": "car", "devices": 1000,
                 "false_accepts_per_hour": 0.5, "duty": 0.25, "history_hours": 24}],
               "chips": [{"chip": "ndp120", "devices": 1000}], "release_chips": ["ndp120"],
               "sample": ["home/a"]},
       "bytes": {"model": 40000, "total": 2000000},
       "stages": [{"stage": 1, "percent": 5.0, "treated": 50, "control": 950, "joining": 50,
         "bytes": 2000000, "offers_minutes": 4.2, "soak": "6h", "passes_earliest_hours": 6.08,
         "passes_likely_hours": null, "margin": 1.5, "margin_hours": null,
         "detectable": [{"hours": 1, "effect": null}, {"hours": 6, "effect": 0.82},
                        {"hours": 24, "effect": 0.45}, {"hours": 6, "effect": 0.82}]}],
       "warnings": ["careful"], "assumptions": ["this"]}
      """;

  @Test
  void report_saysWhoWhenAndWhatCanBeSeen() throws Exception {
    List<String> lines = lines(false);
    assertEquals("hey-nova:1.1.0 to  true", lines.getFirst());
    assertTrue(
        lines.contains(
            "  1,000 of the 1,200 known devices are in the cohort and free to take part"));
    assertTrue(lines.contains("  12 more are in the cohort but were not heard lately"));
    assertTrue(lines.contains("  1,000 on ndp120; the release runs on ndp120"));
    assertTrue(lines.contains("  car              1,000             0.50       25 %      24 h"));
    assertTrue(
        lines.contains(
            "  1         5 %        50       950      5 min     6h          6.1 h          never"
                + "    2.0 MB"),
        lines.toString());
    assertTrue(
        lines.contains(
            "  1        nothing      +82 %      +45 %      +82 %   1.50x, never by these devices"),
        lines.toString());
    assertTrue(lines.contains("  ! careful"));
    assertTrue(lines.contains("  - this"));
    assertTrue(!lines.contains("  home/a"));
  }

  @Test
  void sample_isListedWhenAskedFor() throws Exception {
    assertTrue(lines(true).contains("  home/a"));
  }

  private static List<String> lines(boolean sample) throws Exception {
    JsonNode preview = Documents.JSON.readTree(PREVIEW);
    return new PreviewView(preview).lines(sample);
  }
}
