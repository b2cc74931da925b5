package dev.earshot.cli.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RolloutTreeTest {
  @Test
  void tree_showsStagesGatesAndWhatIsMissing() {
    List<String> lines = lines(Documents.rollout(1), 150);
    assertEquals("r-1f0c2ab34d  hey-nova:1.1.0  stage 1 of 2 (5 %), soaking", lines.getFirst());
    assertEquals(
        "├─ ▶ 1      5 %  soak 6h    ██████████░░  40 ok, 1 failed, 0 silent, 4 pending, 5 to tell",
        lines.get(3));
    assertEquals("└─ · 2     50 %  soak 12h", lines.get(4));
    assertTrue(lines.contains("waits for  soaks for 3h more"), lines.toString());
    assertTrue(lines.contains("expected   2027-01-31T08:00:00Z, fleet time"), lines.toString());
  }

  @Test
  void gates_showEstimateIntervalLimitAndEvidence() {
    String text = String.join("\n", lines(Documents.rollout(1), 150));
    assertTrue(
        text.matches(
            "(?s).*✓ false accepts   below 1.50x 1\\.\\d\\dx \\[.*█{12} 100 % of the proof.*"),
        text);
    assertTrue(text.contains("failed updates  harm        0.0 %"), text);
    assertTrue(text.contains("too little heard yet"), text);
  }

  @Test
  void harm_isMarked() {
    String text = String.join("\n", lines(Documents.rollout(4), 150));
    assertTrue(text.contains("✗ false accepts   harm"), text);
    assertTrue(text.contains("100 % of an alarm"), text);
  }

  @Test
  void narrowTerminal_goesWithoutBarsAndGauges() {
    String text = String.join("\n", lines(Documents.rollout(1), 60));
    assertTrue(!text.contains("█") && !text.contains("●"), text);
    assertTrue(text.contains("100 % of the proof"), text);
  }

  @Test
  void rollback_saysHowManyAreBack() {
    ObjectNode rollout = Documents.rollout(4).put("state", "rolling_back").put("step", "");
    rollout.putObject("rollback").put("reverting", 20).put("reverted", 19).put("unreachable", 1);
    assertTrue(
        lines(rollout, 150)
            .contains("rollback   ██████░░░░░░  19 of 40 devices are back, 1 can't be reached"));
  }

  @Test
  void approval_saysWhoHasConsented() {
    ObjectNode rollout = Documents.rollout(1).put("step", "awaiting_approval");
    rollout.putArray("approved_by").add("alice");
    ((ObjectNode) rollout.path("plan")).putObject("approval").put("count", 2);
    List<String> lines = lines(rollout, 150);
    assertTrue(lines.contains("approved   1 of 2: alice"), lines.toString());
    assertTrue(
        lines.getFirst().endsWith("passed, the next one waits for approval"), lines.getFirst());
  }

  @Test
  void gauge_placesEstimateAndLimit() throws Exception {
    var gate =
        Documents.JSON.readTree(
            "{\"metric\":\"false_accepts\",\"estimate\":1,\"low\":0.5,\"high\":1.5,\"limit\":1.5}");
    // 0.5 to 3 in 11 steps of a logarithm: 1 is at 3.9, 1.5 at 6.1.
    assertEquals("━━━━●━┃────", Gates.gauge(gate, 11));
  }

  private static List<String> lines(ObjectNode rollout, int columns) {
    return new RolloutTree(new RolloutView(rollout), columns).lines();
  }
}
