package dev.earshot.registry.trust;

import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.problem.ProblemType;
import java.util.List;

/** What became of signed metadata that somebody sent. */
public sealed interface Submission {
  /** It is new, was recorded, and clients find it. */
  record Accepted() implements Submission {}

  /** The very same file is there; nothing changed. */
  record AlreadyThere() implements Submission {}

  /**
   * It was not taken; nothing changed.
   *
   * @param type how HTTP tells it
   * @param detail what is wrong and how it is put right
   * @param errors each thing that is wrong, at least one
   */
  record Refused(ProblemType type, String detail, List<Problem.FieldError> errors)
      implements Submission {
    public Refused {
      errors = List.copyOf(errors);
    }

    static Refused of(ProblemType type, String field, String detail) {
      return new Refused(type, detail, List.of(new Problem.FieldError(field, detail)));
    }
  }
}
