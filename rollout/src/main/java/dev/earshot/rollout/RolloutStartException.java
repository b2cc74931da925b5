package dev.earshot.rollout;

import org.jspecify.annotations.Nullable;

/** The service can't start; the message says in one line why, and what to do. */
public final class RolloutStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RolloutStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
