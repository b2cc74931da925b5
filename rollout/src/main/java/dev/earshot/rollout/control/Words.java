package dev.earshot.rollout.control;

import dev.earshot.protocol.v1.AssignmentState;
import java.util.Locale;

/** Words for the closed sets of the wire format. */
public final class Words {
  private static final String PREFIX = "ASSIGNMENT_";

  private Words() {}

  /** {@code committed} for ASSIGNMENT_COMMITTED. */
  public static String of(AssignmentState state) {
    String name = state.name();
    return (name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name)
        .toLowerCase(Locale.ROOT);
  }
}
