package dev.earshot.rollout.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.document.FieldException;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ApprovalTest {
  @Test
  void nobody_isAskedByDefault() {
    assertFalse(Approval.NONE.isAskedBefore(1));
    assertFalse(Approval.NONE.isAskedBefore(2));
  }

  @Test
  void approvers_areAskedWhenThePlanSays() {
    Approval start = new Approval(1, Set.of(), true, false);
    assertTrue(start.isAskedBefore(1));
    assertFalse(start.isAskedBefore(2));
    Approval stages = new Approval(1, Set.of(), false, true);
    assertFalse(stages.isAskedBefore(1));
    assertTrue(stages.isAskedBefore(2));
    assertTrue(stages.isAskedBefore(16));
  }

  @Test
  void creator_mayNotApprove() {
    Approval anybody = new Approval(1, Set.of(), true, true);
    assertTrue(anybody.mayApprove("bob", "alice"));
    assertFalse(anybody.mayApprove("alice", "alice"));
  }

  @Test
  void onlyWhoIsNamed_mayApprove() {
    Approval named = new Approval(1, Set.of("alice", "bob"), true, true);
    assertTrue(named.mayApprove("bob", "carol"));
    assertFalse(named.mayApprove("dave", "carol"));
    assertFalse(named.mayApprove("alice", "alice"));
  }

  @Test
  void approvalThatCanNotBeGiven_isRefused() {
    assertEquals(
        "approval.by: 1 name (expected: at least approval.count, 2)",
        assertThrows(FieldException.class, () -> new Approval(2, Set.of("alice"), true, true))
            .getMessage());
  }

  @Test
  void approvalThatIsNeverAsked_isRefused() {
    assertEquals(
        "approval.before: [] (expected: start, stages or both)",
        assertThrows(FieldException.class, () -> new Approval(1, Set.of(), false, false))
            .getMessage());
  }
}
