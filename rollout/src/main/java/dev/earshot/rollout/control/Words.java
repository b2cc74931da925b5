package dev.earshot.rollout.control;

import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.RolloutPhase;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

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

  /** {@code rolling_back} for ROLLING_BACK. */
  public static String of(RolloutPhase.Word word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  /** Every state that a device's assignment can be in, as words. */
  public static List<String> assignmentStates() {
    return all(AssignmentState.values(), Words::of);
  }

  /** Every state that a rollout can be in, as words. */
  public static List<String> rolloutStates() {
    return all(RolloutPhase.Word.values(), Words::of);
  }

  private static <E extends Enum<E>> List<String> all(E[] values, Function<E, String> word) {
    return Arrays.stream(values)
        .filter(
            value -> !value.name().endsWith("UNSPECIFIED") && !value.name().equals("UNRECOGNIZED"))
        .map(word)
        .toList();
  }
}
