package dev.earshot.protocol.problem;

import java.util.List;

/**
 * Carries a {@link Problem} to the edge of a service, which answers with it, or from a server's
 * answer to a client.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(message(problem));
    this.problem = problem;
  }

  public ProblemException(ProblemType type, String detail) {
    this(Problem.of(type, detail));
  }

  public ProblemException(ProblemType type, String detail, List<Problem.FieldError> errors) {
    this(Problem.of(type, detail, errors));
  }

  public Problem problem() {
    return problem;
  }

  private static String message(Problem problem) {
    StringBuilder message =
        new StringBuilder(problem.title()).append(": ").append(problem.detail());
    for (Problem.FieldError error : problem.errors()) {
      message.append("\n  ").append(error.field()).append(": ").append(error.message());
    }
    return message.toString();
  }
}
