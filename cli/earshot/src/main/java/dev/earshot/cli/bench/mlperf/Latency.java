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

  /** A round of warming up is no longer, in seconds. */
  private static final double LONGEST_ROUND = 1;

  /** Warm is what so many rounds in a row did not make faster... */
  private static final int ROUNDS_WITHOUT_GAIN = 3;

  /** ...by a twentieth... */
  private static final double GAIN = 0.95;

  /** ...or what was warmed for so many. */
  private static final int MOST_ROUNDS = 60;

  /** Steps between values are below a thousandth of them. */
  private static final int DIGITS = 3;

  /**
   * Measures.
   *
   * @param inputs taken in turn
   * @param seconds to measure for; warming up takes as long as it needs, before
   */
  static Latency of(NdpModel model, List<byte[]> inputs, double seconds) {
    Inference inference = model.newInference();
    warmUp(inference, inputs, Math.min(seconds / 4, LONGEST_ROUND));
    return run(inference, inputs, seconds, LEAST_INFERENCES);
  }

  /** The compiler works beside the inferences, for longer on a busy machine: waits for it. */
  private static void warmUp(Inference inference, List<byte[]> inputs, double roundSeconds) {
    double best = Double.POSITIVE_INFINITY;
    int withoutGain = 0;
    for (int round = 0; round < MOST_ROUNDS && withoutGain < ROUNDS_WITHOUT_GAIN; round++) {
      double median = run(inference, inputs, roundSeconds, 1).medianMicros();
      withoutGain = median < GAIN * best ? 0 : withoutGain + 1;
      best = Math.min(best, median);
    }
  }

  private static Latency run(
      Inference inference, List<byte[]> inputs, double seconds, int leastInferences) {
    Histogram nanos = new Histogram(DIGITS);
    byte[] output = new byte[inference.model().outputElements()];
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    long before = start;
    for (int i = 0; before < end || nanos.getTotalCount() < leastInferences; i++) {
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
