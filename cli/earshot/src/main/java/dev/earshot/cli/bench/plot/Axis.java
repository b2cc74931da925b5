package dev.earshot.cli.bench.plot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Where values are along a line.
 *
 * @param from value at its beginning
 * @param to value at its end
 * @param logarithmic whether equal ratios, and not equal differences, are equally far apart
 */
record Axis(double from, double to, boolean logarithmic) {
  Axis {
    if (!(from < to) || (logarithmic && !(from > 0))) {
      throw new IllegalArgumentException("axis: " + from + " to " + to);
    }
  }

  /** From a value below all to one above, by ratios; room for labels beside the outermost. */
  static Axis logarithmic(Collection<Double> values) {
    double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(1);
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(10);
    return new Axis(least / 2.2, most * 4, true);
  }

  /** Of shares in percent, up to 100. */
  static Axis percent(Collection<Double> values) {
    double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(50);
    return new Axis(Math.max(0, Math.min(90, 10 * Math.floor((least - 2) / 10))), 100, false);
  }

  /** 0 at the beginning, 1 at the end. */
  double position(double value) {
    return logarithmic
        ? Math.log(value / from) / Math.log(to / from)
        : (value - from) / (to - from);
  }

  /** Values to name. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (!logarithmic) {
      double step = to - from > 60 ? 20 : to - from > 20 ? 10 : 5;
      for (double tick = step * Math.ceil(from / step); tick <= to; tick += step) {
        ticks.add(tick);
      }
      return ticks;
    }
    int[] digits = to / from > 1000 ? new int[] {1} : new int[] {1, 2, 5};
    for (int power = (int) Math.floor(Math.log10(from)); Math.pow(10, power) <= to; power++) {
      for (int digit : digits) {
        double tick = digit * Math.pow(10, power);
        if (tick >= from && tick <= to) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  /** A tick's name. */
  static String name(double tick) {
    return tick >= 1
        ? String.format(Locale.ROOT, "%,.0f", tick)
        : String.format(Locale.ROOT, "%.4f", tick).replaceFirst("0+$", "");
  }
}
