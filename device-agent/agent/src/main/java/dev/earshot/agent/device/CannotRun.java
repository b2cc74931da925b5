package dev.earshot.agent.device;

import java.io.IOException;

/** The program can't run; the message says what to do, the exit code what kind of reason it is. */
final class CannotRun extends IOException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  CannotRun(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  CannotRun(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** Of {@link ExitCode}. */
  int exitCode() {
    return exitCode;
  }
}
