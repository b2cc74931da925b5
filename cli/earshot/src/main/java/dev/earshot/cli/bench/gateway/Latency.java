package dev.earshot.cli.bench.gateway;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Times from the moment that a message was meant to be sent to its acknowledgement, in
 * milliseconds.
 *
 * @param count of messages
 */
record Latency(double p50, double p99, double p999, double highest, long count) {
  /** Of a histogram of microseconds. */
  static Latency of(Histogram micros) {
    return new Latency(
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getValueAtPercentile(99.9) / 1e3,
        micros.getMaxValue() / 1e3,
        micros.getTotalCount());
  }

  /** As a process answers it. */
  String words() {
    return String.format(Locale.ROOT, "%.3f %.3f %.3f %.3f %d", p50, p99, p999, highest, count);
  }

  /** What {@link #words} said. */
  static Latency parse(String[] words) {
    return new Latency(
        Double.parseDouble(words[0]),
        Double.parseDouble(words[1]),
        Double.parseDouble(words[2]),
        Double.parseDouble(words[3]),
        Long.parseLong(words[4]));
  }
}
