package dev.earshot.service;

import org.jspecify.annotations.Nullable;

/** A service could not start; the message is one line that says what to do. */
public final class StartException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public StartException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
