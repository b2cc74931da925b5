package dev.earshot.ndp.frontend;

/**
 * Power spectrum of one window of samples: pre-emphasis, window function, FFT over the next power
 * of two. Brings its own work arrays; belongs to one thread at a time.
 */
final class WindowSpectrum {
  private final double[] window;
  private final double preEmphasis;
  private final RealFft fft;
  private final double[] signal;
  private final double[] re;
  private final double[] im;
  private final double[] power;

  /**
   * @param window what each sample is multiplied with
   * @param preEmphasis share of the sample before that is subtracted; 0 for none
   */
  WindowSpectrum(double[] window, double preEmphasis) {
    this.window = window;
    this.preEmphasis = preEmphasis;
    int length = Integer.highestOneBit(window.length - 1) * 2;
    fft = new RealFft(length);
    signal = new double[length];
    re = new double[length / 2];
    im = new double[length / 2];
    power = new double[fft.bins()];
  }

  /** Spectrum bins. */
  int bins() {
    return power.length;
  }

  /** The spectrum of the window that follows {@code samples[offset]}; valid until the next call. */
  double[] power(short[] samples, int offset) {
    for (int i = 0; i < window.length; i++) {
      signal[i] = window[i] * (samples[offset + i + 1] - preEmphasis * samples[offset + i]);
    }
    fft.power(signal, re, im, power);
    return power;
  }
}
