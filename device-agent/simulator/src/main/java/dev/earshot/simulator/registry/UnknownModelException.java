package dev.earshot.simulator.registry;

/**
 * Nobody has measured how a model behaves (there), so the simulator can't know what would happen.
 */
public final class UnknownModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UnknownModelException(String message) {
    super(message);
  }
}
