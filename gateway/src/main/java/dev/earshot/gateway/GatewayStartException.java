package dev.earshot.gateway;

import org.jspecify.annotations.Nullable;

/** A gateway could not start; the message is one line that says what to do. */
public final class GatewayStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GatewayStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
