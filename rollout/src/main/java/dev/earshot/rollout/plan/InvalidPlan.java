package dev.earshot.rollout.plan;

import java.util.List;
import java.util.stream.Collectors;

/** A plan that can't be used, with everything that is wrong about it. */
public final class InvalidPlan extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<FieldError> errors;

  /**
   * One wrong field.
   *
   * @param field its path, such as {@code stages[1].percent}; empty for the text as a whole
   * @param message what is wrong and what was expected
   */
  public record FieldError(String field, String message) {}

  InvalidPlan(List<FieldError> errors) {
    super(
        "plan: "
            + errors.stream()
                .map(error -> error.field() + ": " + error.message())
                .collect(Collectors.joining("; ")));
    this.errors = List.copyOf(errors);
  }

  /** At least one. */
  public List<FieldError> errors() {
    return errors;
  }
}
