package dev.earshot.rollout.plan;

import dev.earshot.protocol.document.Checks;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whose consent a rollout needs. Who created the rollout does not count: four eyes.
 *
 * @param count how many different approvers must consent, 0 to 10; 0: nobody is asked
 * @param by who may; empty: everybody with the role approver
 * @param beforeStart asked before the first stage
 * @param betweenStages asked before each further stage; one of the two at least
 */
public record Approval(int count, Set<String> by, boolean beforeStart, boolean betweenStages) {
  /** Nobody is asked: many who write plans work alone, and the gates ask every time. */
  public static final Approval NONE = new Approval(0, Set.of(), true, true);

  public Approval {
    by = Collections.unmodifiableSet(new TreeSet<>(by));
    new Checks()
        .require(count >= 0 && count <= 10, "approval.count", count, "0 to 10")
        .require(by.size() <= 100, "approval.by", by.size() + " names", "at most 100")
        .require(
            by.stream().noneMatch(String::isBlank),
            "approval.by",
            "a blank name",
            "names of people")
        .require(beforeStart || betweenStages, "approval.before", "[]", "start, stages or both")
        .fit(
            by.isEmpty() || by.size() >= count,
            "approval.by",
            by.size() == 1 ? "1 name" : by.size() + " names",
            "at least approval.count, " + count,
            "approval.count")
        .done();
  }

  /** Whether somebody is asked before that stage, from 1. */
  public boolean isAskedBefore(int stage) {
    return count > 0 && (stage == 1 ? beforeStart : betweenStages);
  }

  /** Whether enough people could ever consent to a rollout that this person created. */
  public boolean isPossible(String createdBy) {
    long others = by.stream().filter(name -> !name.equals(createdBy)).count();
    return by.isEmpty() || others >= count;
  }

  /** Whether that person's consent counts. */
  public boolean mayApprove(String actor, String createdBy) {
    return !actor.equals(createdBy) && (by.isEmpty() || by.contains(actor));
  }
}
