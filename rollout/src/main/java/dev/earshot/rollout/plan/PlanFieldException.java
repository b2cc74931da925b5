package dev.earshot.rollout.plan;

/** One field of a plan is wrong. */
public final class PlanFieldException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final String reason;

  PlanFieldException(String field, String reason) {
    super(field + ": " + reason);
    this.field = field;
    this.reason = reason;
  }

  /** Its path, such as {@code stages[1].percent}. */
  public String field() {
    return field;
  }

  /** What is wrong with it, and what was expected. */
  public String reason() {
    return reason;
  }
}
