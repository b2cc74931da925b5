package dev.earshot.ndp.frontend;

/**
 * Computes the features of one window of audio. Holds tables and work arrays, no audio: all devices
 * of one thread with the same parameters share one. Belongs to one thread at a time; allocates
 * nothing per frame.
 */
public final class LogMel {
  private static final double SAMPLE_SCALE = 1.0 / 32768;

  private final FrontEndParameters parameters;
  private final RealFft fft;
  private final MelFilterbank filterbank;
  private final double[] window;
  private final double[] signal;
  private final double[] re;
  private final double[] im;
  private final double[] power;

  public LogMel(FrontEndParameters parameters) {
    this.parameters = parameters;
    int length = Integer.highestOneBit(parameters.windowSamples() - 1) * 2;
    fft = new RealFft(length);
    filterbank =
        new MelFilterbank(
            parameters.melBins(),
            fft.bins(),
            parameters.sampleRateHz(),
            parameters.lowHz(),
            parameters.highHz());
    window = new double[parameters.windowSamples()];
    for (int i = 0; i < window.length; i++) {
      // Symmetric Hamming window; the sample scale is folded in.
      window[i] = SAMPLE_SCALE * (0.54 - 0.46 * Math.cos(2 * Math.PI * i / (window.length - 1)));
    }
    signal = new double[length];
    re = new double[length / 2];
    im = new double[length / 2];
    power = new double[fft.bins()];
  }

  public FrontEndParameters parameters() {
    return parameters;
  }

  /**
   * Features of one window: {@code clip((10 log10(P / windowSamples) + offsetDb) / rangeDb, 0, 1)},
   * where P is the power in a mel band of the pre-emphasised, Hamming-windowed signal in [-1, 1).
   *
   * @param samples the window, preceded by the one sample before it (0 at the start of a stream)
   * @param offset of the sample before the window
   * @param features receives one value in [0, 1] per mel bin
   */
  public void compute(short[] samples, int offset, float[] features) {
    double emphasis = parameters.preEmphasis();
    for (int i = 0; i < window.length; i++) {
      signal[i] = window[i] * (samples[offset + i + 1] - emphasis * samples[offset + i]);
    }
    fft.power(signal, re, im, power);
    for (int filter = 0; filter < features.length; filter++) {
      double mean = filterbank.power(filter, power) / window.length;
      double decibels = 10 * Math.log10(mean);
      double feature = (decibels + parameters.offsetDb()) / parameters.rangeDb();
      features[filter] = (float) Math.min(Math.max(feature, 0), 1);
    }
  }
}
