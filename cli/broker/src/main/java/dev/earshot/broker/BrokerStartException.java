package dev.earshot.broker;

import org.jspecify.annotations.Nullable;

/** The broker could not start; the message is one line that says what to do. */
public class BrokerStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokerStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
