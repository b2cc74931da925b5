package dev.earshot.cli.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExplanationTest {
  @Test
  void decision_isToldWithItsNumbers_andComputedAgainAlike() throws Exception {
    Explanation explanation = Explanation.of(Documents.decision(4), Documents.plan());
    List<String> lines = explanation.lines();
    assertEquals(
        "#13  2027-01-31T02:00:00Z  rollback started, by gate: false accepts are worse",
        lines.getFirst());
    String text = String.join("\n", lines);
    assertTrue(text.contains("✗ Is the release worse on false accepts? Yes: rollback."), text);
    assertTrue(
        text.contains("6400 in 4000 h on 200 treated devices; 6400 in 16000 h on 800 control"),
        text);
    assertTrue(text.contains("counts: e = exp("), text);
    assertTrue(text.contains("needed 312.5"), text);
    assertTrue(text.contains("Do more than 5.0 % of the updates fail? Nothing says so."), text);
    assertEquals("    recomputed: same", lines.getLast());
    assertTrue(explanation.isDecision());
    assertEquals(List.of(), explanation.differences());
  }

  @Test
  void numberThatTheSumsDoNotGive_isShown() throws Exception {
    ObjectNode event = Documents.decision(4);
    double told = event.at("/evidence/0/log_e").asDouble();
    ((ObjectNode) event.at("/evidence/0")).put("log_e", told + 1);
    Explanation explanation = Explanation.of(event, Documents.plan());
    assertEquals(1, explanation.differences().size());
    assertTrue(explanation.differences().getFirst().startsWith("[0].log_e: "));
    assertTrue(explanation.lines().contains("    recomputed: DIFFERENT, 1 numbers"));
  }

  @Test
  void entryWithoutSums_isOneLine() throws Exception {
    ObjectNode event = Documents.decision(4);
    event.remove("sums");
    Explanation explanation = Explanation.of(event, Documents.plan());
    assertFalse(explanation.isDecision());
    assertEquals(1, explanation.lines().size());
  }
}
