package dev.earshot.rollout.study;

import java.util.List;
import java.util.Locale;

/** Figures as the study prints them, the same wherever its reader lives. */
final class Words {
  private Words() {}

  static List<String> times(List<Double> ratios) {
    return ratios.stream().map(ratio -> String.format(Locale.ROOT, "x%.2f", ratio)).toList();
  }

  static String effect(double ratio) {
    return String.format(Locale.ROOT, "%+.0f %%", 100 * (ratio - 1));
  }

  static String hours(double hours) {
    return String.format(Locale.ROOT, "%.1f h", hours);
  }

  static String percent(Outcome outcome) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * outcome.share());
  }

  static String deviceHours(Outcome outcome) {
    String hours =
        Double.isNaN(outcome.medianDeviceHours())
            ? "-"
            : String.format(Locale.ROOT, "%.0f", outcome.medianDeviceHours());
    return outcome.share() < 0.995
        ? String.format(Locale.ROOT, "%s (%.2f)", hours, outcome.share())
        : hours;
  }
}
