package dev.earshot.agent.device;

import java.io.IOException;

/** A certificate, key or password file that can't be used; the message names it and the fix. */
final class InvalidCredentials extends IOException {
  private static final long serialVersionUID = 1L;

  InvalidCredentials(String message) {
    super(message);
  }

  InvalidCredentials(String message, Throwable cause) {
    super(message, cause);
  }
}
