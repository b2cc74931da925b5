package dev.earshot.ndp.frontend;

/**
 * Power spectrum of a real signal whose length is a power of two. The signal is taken as half as
 * many complex numbers, transformed by a radix-2 FFT (decimation in time) and separated (see
 * Sorensen et al., "Real-valued fast Fourier transform algorithms", 1987). Tables are immutable and
 * may be shared; the caller brings the work arrays.
 */
final class RealFft {
  private final int half;
  private final int[] bitReversed;
  private final double[] cosines;
  private final double[] sines;

  /**
   * @param length of the signal; a power of two of at least 4
   */
  RealFft(int length) {
    if (length < 4 || Integer.bitCount(length) != 1) {
      throw new IllegalArgumentException("length: " + length + " (expected: a power of two)");
    }
    half = length / 2;
    bitReversed = new int[half];
    int bits = Integer.numberOfTrailingZeros(half);
    for (int i = 0; i < half; i++) {
      bitReversed[i] = Integer.reverse(i) >>> (32 - bits);
    }
    cosines = new double[half + 1];
    sines = new double[half + 1];
    for (int i = 0; i <= half; i++) {
      cosines[i] = Math.cos(Math.PI * i / half);
      sines[i] = Math.sin(Math.PI * i / half);
    }
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
    for (int i = 0; i < half; i++) {
      int from = 2 * bitReversed[i];
      re[i] = signal[from];
      im[i] = signal[from + 1];
    }
    for (int size = 1; size < half; size *= 2) {
      butterflies(re, im, size);
    }
    separate(re, im, power);
  }

  /** Joins pairs of transforms of the given size into transforms of twice the size. */
  private void butterflies(double[] re, double[] im, int size) {
    // Twiddle exp(-i pi k / size) lies at index k * half / size of the tables.
    int step = half / size;
    for (int start = 0; start < half; start += 2 * size) {
      for (int k = 0; k < size; k++) {
        int a = start + k;
        int b = a + size;
        double c = cosines[k * step];
        double s = -sines[k * step];
        double r = re[b] * c - im[b] * s;
        double i = re[b] * s + im[b] * c;
        re[b] = re[a] - r;
        im[b] = im[a] - i;
        re[a] += r;
        im[a] += i;
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
