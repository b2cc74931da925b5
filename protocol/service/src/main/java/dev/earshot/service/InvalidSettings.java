package dev.earshot.service;

import java.util.List;

/** Settings that can't be used, with everything that is wrong about them. */
public final class InvalidSettings extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> errors;

  InvalidSettings(List<String> errors) {
    super("settings:\n  " + String.join("\n  ", errors));
    this.errors = List.copyOf(errors);
  }

  /** One line for each wrong setting. */
  public List<String> errors() {
    return errors;
  }
}
