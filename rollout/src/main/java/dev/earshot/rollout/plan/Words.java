package dev.earshot.rollout.plan;

import dev.earshot.rollout.gate.Metric;
import dev.earshot.rollout.plan.GatePolicy.OnHarm;
import java.time.DayOfWeek;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The closed sets of a plan, by the words that people write. */
final class Words {
  static final Map<String, DayOfWeek> DAYS = of(DayOfWeek.values(), Words::of);
  static final Map<String, OnHarm> ANSWERS = of(OnHarm.values(), Words::of);
  static final Map<String, Metric> METRICS = of(Metric.values(), Metric::label);

  /** When somebody is asked; true: before the start, false: between stages. */
  static final Map<String, Boolean> MOMENTS = moments();

  private Words() {}

  /** {@code mon} to {@code sun}. */
  static String of(DayOfWeek day) {
    return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
  }

  static String of(OnHarm answer) {
    return answer.name().toLowerCase(Locale.ROOT);
  }

  private static <T> Map<String, T> of(T[] values, Function<T, String> word) {
    Map<String, T> words = new LinkedHashMap<>();
    for (T value : values) {
      words.put(word.apply(value), value);
    }
    return words;
  }

  private static Map<String, Boolean> moments() {
    Map<String, Boolean> moments = new LinkedHashMap<>();
    moments.put("start", true);
    moments.put("stages", false);
    return moments;
  }
}
