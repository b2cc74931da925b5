package dev.earshot.cli;

/** Something that the user can mend. Shown as one line, without a stack trace; exit code 1. */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UserError(String message) {
    super(message);
  }

  public UserError(String message, Throwable cause) {
    super(message, cause);
  }
}
