package dev.earshot.registry.release;

import dev.earshot.protocol.problem.Problem;
import java.util.List;

/**
 * A release that was not accepted.
 *
 * @param reason from the closed set
 * @param detail what is wrong and what is expected, for the publisher
 * @param errors the manifest's fields that are wrong, at least one
 */
public record Refusal(RefusalReason reason, String detail, List<Problem.FieldError> errors) {
  public Refusal {
    errors = List.copyOf(errors);
  }

  /** A refusal because of one field. */
  public static Refusal of(RefusalReason reason, String field, String detail) {
    return new Refusal(reason, detail, List.of(new Problem.FieldError(field, detail)));
  }

  /** As it is told over HTTP. */
  public Problem problem() {
    return Problem.of(reason.type(), detail, errors);
  }
}
