package dev.earshot.ndp.frontend;

/** Features are the decibels of mel bands, scaled to [0, 1]; see {@link LogMelParameters}. */
public final class LogMel implements FrontEnd {
  private static final double SAMPLE_SCALE = 1.0 / 32768;

  private final LogMelParameters parameters;
  private final WindowSpectrum spectrum;
  private final MelFilterbank filterbank;

  public LogMel(LogMelParameters parameters) {
    this.parameters = parameters;
    spectrum = new WindowSpectrum(hamming(parameters.windowSamples()), parameters.preEmphasis());
    filterbank =
        new MelFilterbank(
            parameters.melBins(),
            spectrum.bins(),
            parameters.sampleRateHz(),
            parameters.lowHz(),
            parameters.highHz());
  }

  /** Symmetric Hamming window; the sample scale is folded in. */
  private static double[] hamming(int length) {
    double[] window = new double[length];
    for (int i = 0; i < length; i++) {
      window[i] = SAMPLE_SCALE * (0.54 - 0.46 * Math.cos(2 * Math.PI * i / (length - 1)));
    }
    return window;
  }

  @Override
  public LogMelParameters parameters() {
    return parameters;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Feature of a band: {@code clip((10 log10(P / windowSamples) + offsetDb) / rangeDb, 0, 1)},
   * where P is the power in the band of the pre-emphasised, Hamming-windowed signal in [-1, 1).
   */
  @Override
  public void compute(short[] samples, int offset, float[] features) {
    double[] power = spectrum.power(samples, offset);
    for (int filter = 0; filter < features.length; filter++) {
      double mean = filterbank.sum(filter, power) / parameters.windowSamples();
      double decibels = 10 * Math.log10(mean);
      double feature = (decibels + parameters.offsetDb()) / parameters.rangeDb();
      features[filter] = (float) Math.min(Math.max(feature, 0), 1);
    }
  }
}
