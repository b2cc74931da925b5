package dev.earshot.simulator.measure;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Takes measurements of one process. Safe for use by many threads; recording never waits. */
public final class Meter {
  private final Map<Operation, Recorder> recorders = new EnumMap<>(Operation.class);
  private final Map<Operation, Histogram> totals = new EnumMap<>(Operation.class);
  private final ConcurrentMap<String, LongAdder> errors = new ConcurrentHashMap<>();

  public Meter() {
    for (Operation operation : Operation.values()) {
      recorders.put(
          operation, new Recorder(Measurements.LONGEST_MICROS, Measurements.SIGNIFICANT_DIGITS));
      totals.put(operation, Measurements.empty());
    }
  }

  /** It took that long; longer than can be recorded counts as the longest. */
  public void took(Operation operation, long nanos) {
    Recorder recorder = recorders.get(operation);
    if (recorder != null) {
      recorder.recordValue(
          Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, Measurements.LONGEST_MICROS));
    }
  }

  /** An error happened; the reason comes from a closed set. */
  public void failed(String reason) {
    errors.computeIfAbsent(reason, first -> new LongAdder()).increment();
  }

  /** All since the start. */
  public synchronized Measurements measurements() {
    Map<Operation, Histogram> times = new EnumMap<>(Operation.class);
    totals.forEach(
        (operation, total) -> {
          Recorder recorder = recorders.get(operation);
          if (recorder != null) {
            total.add(recorder.getIntervalHistogram());
          }
          times.put(operation, total.copy());
        });
    Map<String, Long> sums = new TreeMap<>();
    errors.forEach((reason, count) -> sums.put(reason, count.sum()));
    return new Measurements(times, sums);
  }
}
