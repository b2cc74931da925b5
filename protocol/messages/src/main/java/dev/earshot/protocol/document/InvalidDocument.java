package dev.earshot.protocol.document;

import java.util.List;
import java.util.stream.Collectors;

/** A document that can't be used, with everything that is wrong about it. */
public final class InvalidDocument extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<FieldError> errors;

  /**
   * One wrong field.
   *
   * @param field its path, such as {@code stages[1].percent}; what is read ({@code plan}, {@code
   *     scenario}) for the text as a whole
   * @param line of the text, from 1, on which the field is written, or for a missing one the object
   *     that it belongs to; 0 when it is not known
   * @param message what is wrong and what was expected
   */
  public record FieldError(String field, int line, String message) {
    /** The message with its line, such as {@code line 7: 120 (expected: above 0 to 100)}. */
    public String located() {
      return line > 0 ? "line " + line + ": " + message : message;
    }
  }

  InvalidDocument(String kind, List<FieldError> errors) {
    super(
        kind
            + ": "
            + errors.stream()
                .map(
                    error ->
                        (error.line() > 0 ? "line " + error.line() + ": " : "")
                            + error.field()
                            + ": "
                            + error.message())
                .collect(Collectors.joining("; ")));
    this.errors = List.copyOf(errors);
  }

  /** At least one, in the order of the text. */
  public List<FieldError> errors() {
    return errors;
  }
}
