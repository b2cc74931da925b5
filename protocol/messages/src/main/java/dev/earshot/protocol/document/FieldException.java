package dev.earshot.protocol.document;

import java.util.List;
import java.util.stream.Collectors;

/** Fields of a value that was read from a document, or is to be, are wrong. */
public final class FieldException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<Refusal> refusals;

  /**
   * One wrong field.
   *
   * @param field its path, such as {@code gates.alpha}; from the list's element where it is in one
   * @param other the field that it was compared with; itself when it is wrong alone
   * @param reason what is wrong with it, and what was expected
   */
  public record Refusal(String field, String other, String reason) {}

  FieldException(List<Refusal> refusals) {
    super(
        refusals.stream()
            .map(refusal -> refusal.field() + ": " + refusal.reason())
            .collect(Collectors.joining("; ")));
    this.refusals = List.copyOf(refusals);
  }

  /** At least one. */
  public List<Refusal> refusals() {
    return refusals;
  }
}
