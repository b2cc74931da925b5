package dev.earshot.rollout.study;

/**
 * The rank test of Mann and Whitney (1947) for two samples, by its normal approximation with the
 * corrections for ties and continuity.
 */
final class MannWhitney {
  private MannWhitney() {}

  /**
   * The standardised number of pairs in which {@code t - shift} is larger than {@code c}.
   *
   * @param shift taken from every value of t first
   */
  static double z(SortedSample t, SortedSample c, double shift) {
    int nT = t.size();
    int nC = c.size();
    double larger = 0;
    double ties = 0;
    int i = 0;
    int j = 0;
    while (i < nT || j < nC) {
      double value =
          i == nT ? c.get(j) : j == nC ? t.get(i) - shift : Math.min(t.get(i) - shift, c.get(j));
      int firstT = i;
      int firstC = j;
      while (i < nT && t.get(i) - shift == value) {
        i++;
      }
      while (j < nC && c.get(j) == value) {
        j++;
      }
      double sameT = i - firstT;
      double sameC = j - firstC;
      larger += sameT * (firstC + 0.5 * sameC);
      double same = sameT + sameC;
      ties += same * same * same - same;
    }
    double pairs = (double) nT * nC;
    double n = (double) nT + nC;
    double variance = pairs / 12 * (n + 1 - ties / (n * (n - 1)));
    double excess = larger - pairs / 2;
    return variance > 0 ? (excess - 0.5 * Math.signum(excess)) / Math.sqrt(variance) : 0;
  }
}
