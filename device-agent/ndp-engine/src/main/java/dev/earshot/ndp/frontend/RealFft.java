package dev.earshot.ndp.frontend;

/**
 * Power spectrum of a real signal whose length is a power of two. The signal is taken as half as
 * many complex numbers, transformed by a radix-4 FFT (decimation in time; the first pass is radix-2
 * where the number of doublings is odd) and separated (see Sorensen et al., "Real-valued fast
 * Fourier transform algorithms", 1987). Tables are immutable and may be shared; the caller brings
 * the work arrays.
 */
final class RealFft {
  /** Twiddles of one butterfly: three complex numbers. */
  private static final int TWIDDLES = 6;

  private final int half;
  private final int[] bitReversed;

  /** Of each radix-4 pass but the first; each butterfly's where it is read. */
  private final double[][] passes;

  private final double[] cosines;
  private final double[] sines;

  /**
   * @param length of the signal; a power of two of at least 8
   */
  RealFft(int length) {
    if (length < 8 || Integer.bitCount(length) != 1) {
      throw new IllegalArgumentException(
          "length: " + length + " (expected: a power of two, at least 8)");
    }
    half = length / 2;
    int bits = Integer.numberOfTrailingZeros(half);
    bitReversed = new int[half];
    for (int i = 0; i < half; i++) {
      bitReversed[i] = Integer.reverse(i) >>> (32 - bits);
    }
    cosines = new double[half + 1];
    sines = new double[half + 1];
    for (int i = 0; i <= half; i++) {
      cosines[i] = Math.cos(Math.PI * i / half);
      sines[i] = Math.sin(Math.PI * i / half);
    }
    passes = new double[(bits - 1) / 2][];
    int size = firstSize();
    for (int pass = 0; pass < passes.length; pass++) {
      passes[pass] = twiddles(size);
      size *= 4;
    }
  }

  /** Points that the first pass joins: 2 or 4, so that passes of radix 4 do the rest. */
  private int firstSize() {
    return Integer.numberOfTrailingZeros(half) % 2 == 1 ? 2 : 4;
  }

  /** {@code w^2k, w^k, w^3k} with {@code w = exp(-2 pi i / (4 size))}, for each k below size. */
  private static double[] twiddles(int size) {
    double[] table = new double[TWIDDLES * size];
    for (int k = 0; k < size; k++) {
      for (int j = 0; j < 3; j++) {
        int power = j == 0 ? 2 : j == 1 ? 1 : 3;
        double angle = Math.PI * k * power / (2.0 * size);
        table[TWIDDLES * k + 2 * j] = Math.cos(angle);
        table[TWIDDLES * k + 2 * j + 1] = -Math.sin(angle);
      }
    }
    return table;
  }

  /** Spectrum bins: half the length and one. */
  int bins() {
    return half + 1;
  }

  /**
   * Squared magnitudes of the spectrum.
   *
   * @param signal as many values as the length
   * @param re work array of half the length
   * @param im work array of half the length
   * @param power receives {@link #bins()} values
   */
  void power(double[] signal, double[] re, double[] im, double[] power) {
    int size = firstSize();
    if (size == 2) {
      loadPairs(signal, re, im);
    } else {
      loadQuadruples(signal, re, im);
    }
    for (double[] twiddles : passes) {
      pass(re, im, size, twiddles);
      size *= 4;
    }
    separate(re, im, power);
  }

  /** Fetches the signal in bit-reversed order and transforms pairs. */
  private void loadPairs(double[] signal, double[] re, double[] im) {
    for (int i = 0; i < half; i += 2) {
      int a = 2 * bitReversed[i];
      int b = 2 * bitReversed[i + 1];
      re[i] = signal[a] + signal[b];
      im[i] = signal[a + 1] + signal[b + 1];
      re[i + 1] = signal[a] - signal[b];
      im[i + 1] = signal[a + 1] - signal[b + 1];
    }
  }

  /** Fetches the signal in bit-reversed order and transforms groups of four. */
  private void loadQuadruples(double[] signal, double[] re, double[] im) {
    for (int i = 0; i < half; i += 4) {
      int a = 2 * bitReversed[i];
      int b = 2 * bitReversed[i + 1];
      int c = 2 * bitReversed[i + 2];
      int d = 2 * bitReversed[i + 3];
      double sumRe = signal[a] + signal[b];
      double sumIm = signal[a + 1] + signal[b + 1];
      double differenceRe = signal[a] - signal[b];
      double differenceIm = signal[a + 1] - signal[b + 1];
      double oddSumRe = signal[c] + signal[d];
      double oddSumIm = signal[c + 1] + signal[d + 1];
      double oddDifferenceRe = signal[c] - signal[d];
      double oddDifferenceIm = signal[c + 1] - signal[d + 1];
      re[i] = sumRe + oddSumRe;
      im[i] = sumIm + oddSumIm;
      re[i + 1] = differenceRe + oddDifferenceIm;
      im[i + 1] = differenceIm - oddDifferenceRe;
      re[i + 2] = sumRe - oddSumRe;
      im[i + 2] = sumIm - oddSumIm;
      re[i + 3] = differenceRe - oddDifferenceIm;
      im[i + 3] = differenceIm + oddDifferenceRe;
    }
  }

  /**
   * Joins four transforms of the given size into one of four times the size. They lie in
   * bit-reversed order: of the points 0, 2, 1 and 3 modulo 4.
   */
  private void pass(double[] re, double[] im, int size, double[] twiddles) {
    for (int start = 0; start < half; start += 4 * size) {
      for (int k = 0; k < size; k++) {
        int a = start + k;
        int b = a + size;
        int c = b + size;
        int d = c + size;
        int t = TWIDDLES * k;
        double bRe = re[b] * twiddles[t] - im[b] * twiddles[t + 1];
        double bIm = re[b] * twiddles[t + 1] + im[b] * twiddles[t];
        double cRe = re[c] * twiddles[t + 2] - im[c] * twiddles[t + 3];
        double cIm = re[c] * twiddles[t + 3] + im[c] * twiddles[t + 2];
        double dRe = re[d] * twiddles[t + 4] - im[d] * twiddles[t + 5];
        double dIm = re[d] * twiddles[t + 5] + im[d] * twiddles[t + 4];
        double sumRe = re[a] + bRe;
        double sumIm = im[a] + bIm;
        double differenceRe = re[a] - bRe;
        double differenceIm = im[a] - bIm;
        re[a] = sumRe + (cRe + dRe);
        im[a] = sumIm + (cIm + dIm);
        re[b] = differenceRe + (cIm - dIm);
        im[b] = differenceIm - (cRe - dRe);
        re[c] = sumRe - (cRe + dRe);
        im[c] = sumIm - (cIm + dIm);
        re[d] = differenceRe - (cIm - dIm);
        im[d] = differenceIm + (cRe - dRe);
      }
    }
  }

  /** Spectrum of the real signal from that of the complex one. */
  private void separate(double[] re, double[] im, double[] power) {
    double dc = re[0] + im[0];
    double nyquist = re[0] - im[0];
    power[0] = dc * dc;
    power[half] = nyquist * nyquist;
    for (int k = 1; k < half; k++) {
      double evenRe = 0.5 * (re[k] + re[half - k]);
      double evenIm = 0.5 * (im[k] - im[half - k]);
      double oddRe = 0.5 * (im[k] + im[half - k]);
      double oddIm = -0.5 * (re[k] - re[half - k]);
      double r = evenRe + oddRe * cosines[k] + oddIm * sines[k];
      double i = evenIm + oddIm * cosines[k] - oddRe * sines[k];
      power[k] = r * r + i * i;
    }
  }
}
