package dev.earshot.protocol.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Problem details (RFC 9457), sent as {@code application/problem+json}.
 *
 * @param type stable identifier, see {@link ProblemType#uri()}
 * @param title what kind of problem this is
 * @param status the HTTP status
 * @param detail what happened this time, with the fix where there is one
 * @param errors the fields that are wrong; empty when the problem is not about fields
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type, String title, int status, String detail, List<FieldError> errors) {
  /** The media type. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /**
   * One wrong field.
   *
   * @param field its path, such as {@code stages[1].percent}
   * @param message what is expected
   */
  public record FieldError(String field, String message) {}

  public Problem {
    errors = errors == null ? List.of() : List.copyOf(errors);
  }

  public static Problem of(ProblemType type, String detail) {
    return of(type, detail, List.of());
  }

  public static Problem of(ProblemType type, String detail, List<FieldError> errors) {
    return new Problem(type.uri(), type.title(), type.status(), detail, errors);
  }
}
