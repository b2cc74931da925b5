package dev.earshot.cli.bench.mlperf;

import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Wall time of single inferences, one after the other on one thread, after warming up.
 *
 * @param medianMicros half of them took at most this, in microseconds
 * @param p90Micros nine in ten took at most this
 * @param inferences that were timed
 * @param seconds that they took together
 */
record Latency(double medianMicros, double p90Micros, long inferences, double seconds) {
  /** The benchmark wants no fewer. */
  private static final int LEAST_INFERENCES = 10;

  private static final double LONGEST_WARM_UP_SECONDS = 3;

  /** Steps between values are below a thousandth of them. */
  private static final int DIGITS = 3;

  /**
   * Measures.
   *
   * @param inputs taken in turn
   * @param seconds to measure for; warming up takes half of it, at most 3 s, before
   */
  static Latency of(NdpModel model, List<byte[]> inputs, double seconds) {
    Inference inference = model.newInference();
    run(inference, inputs, Math.min(seconds / 2, LONGEST_WARM_UP_SECONDS));
    return run(inference, inputs, seconds);
  }

  private static Latency run(Inference inference, List<byte[]> inputs, double seconds) {
    Histogram nanos = new Histogram(DIGITS);
    byte[] output = new byte[inference.model().outputElements()];
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    long before = start;
    for (int i = 0; before < end || nanos.getTotalCount() < LEAST_INFERENCES; i++) {
      inference.run(inputs.get(i % inputs.size()), 0, output, 0);
      long after = System.nanoTime();
      nanos.recordValue(after - before);
      before = after;
    }
    return new Latency(
        nanos.getValueAtPercentile(50) / 1e3,
        nanos.getValueAtPercentile(90) / 1e3,
        nanos.getTotalCount(),
        (before - start) / 1e9);
  }
}
