package dev.earshot.rollout.gate;

/**
 * A running sum of doubles kept as an unevaluated pair of doubles (about 106 bits), so that adding
 * the same numbers in another order gives the same rounded result: a gate must not change its mind
 * because reports were permuted.
 *
 * <p>TwoSum: Knuth, The Art of Computer Programming vol. 2, 4.2.2 theorem B; the renormalised pair
 * is Dekker's (Numerische Mathematik 18, 1971). Error at most a few 2^-106 of the sum of
 * magnitudes. Not thread-safe.
 */
final class ExactSum {
  private double high;
  private double low;

  void add(double value) {
    double sum = high + value;
    double shadow = sum - high;
    double error = (high - (sum - shadow)) + (value - shadow);
    double tail = low + error;
    high = sum + tail;
    low = tail - (high - sum);
  }

  double value() {
    return high + low;
  }
}
