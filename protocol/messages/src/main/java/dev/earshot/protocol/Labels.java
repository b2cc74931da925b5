package dev.earshot.protocol;

import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.Environment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The words that people, metrics and JSON use for the closed sets of the wire format: {@code
 * quiet}, {@code kitchen}, {@code treatment} and so on.
 */
public final class Labels {
  private static final List<Environment> ENVIRONMENTS =
      List.of(
          Environment.QUIET,
          Environment.KITCHEN,
          Environment.CAR,
          Environment.FACTORY,
          Environment.STADIUM);

  private Labels() {}

  /** Every environment that a device can name, in wire order. */
  public static List<Environment> environments() {
    return ENVIRONMENTS;
  }

  /** {@code kitchen} for KITCHEN; {@code unknown} for what this version does not know. */
  public static String of(Environment environment) {
    return switch (environment) {
      case QUIET, KITCHEN, CAR, FACTORY, STADIUM -> environment.name().toLowerCase(Locale.ROOT);
      case ENVIRONMENT_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }

  /** {@code treatment}, {@code control}, or {@code none} for a device in no rollout. */
  public static String of(Arm arm) {
    return switch (arm) {
      case TREATMENT -> "treatment";
      case CONTROL -> "control";
      case ARM_UNSPECIFIED, UNRECOGNIZED -> "none";
    };
  }

  /** The environment of that label. */
  public static Environment environment(String label) {
    return ENVIRONMENTS.stream()
        .filter(environment -> of(environment).equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "environment: '"
                        + label
                        + "' (expected: one of "
                        + Arrays.toString(ENVIRONMENTS.stream().map(Labels::of).toArray())
                        + ")"));
  }
}
