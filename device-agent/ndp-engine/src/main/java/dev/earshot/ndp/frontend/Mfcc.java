package dev.earshot.ndp.frontend;

/**
 * Features are cepstral coefficients as TensorFlow's signal library computes them: {@code stft}
 * with a periodic Hann window, magnitudes, {@code linear_to_mel_weight_matrix}, {@code log(x +
 * floor)}, {@code mfccs_from_log_mel_spectrograms}; see {@link MfccParameters}.
 *
 * <p>TensorFlow does this in single precision and this class in double: coefficients agree to some
 * 1e-4, so that rarely one lands on the other side of a quantization step.
 */
public final class Mfcc implements FrontEnd {
  private final MfccParameters parameters;
  private final WindowSpectrum spectrum;
  private final MelFilterbank filterbank;
  private final double[] logs;

  /** {@code cosines[k][n] = sqrt(2 / N) cos(pi k (n + 1/2) / N)} for N bands. */
  private final double[][] cosines;

  public Mfcc(MfccParameters parameters) {
    this.parameters = parameters;
    spectrum = new WindowSpectrum(hann(parameters.windowSamples(), parameters.fullScale()), 0);
    filterbank =
        new MelFilterbank(
            parameters.melBins(),
            spectrum.bins(),
            parameters.sampleRateHz(),
            parameters.lowHz(),
            parameters.highHz());
    int bands = parameters.melBins();
    logs = new double[bands];
    cosines = new double[parameters.coefficients()][bands];
    for (int k = 0; k < cosines.length; k++) {
      for (int n = 0; n < bands; n++) {
        cosines[k][n] = Math.sqrt(2.0 / bands) * Math.cos(Math.PI * k * (n + 0.5) / bands);
      }
    }
  }

  /** Periodic Hann window; the sample scale is folded in. */
  private static double[] hann(int length, double fullScale) {
    double[] window = new double[length];
    for (int i = 0; i < length; i++) {
      window[i] = (0.5 - 0.5 * Math.cos(2 * Math.PI * i / length)) / fullScale;
    }
    return window;
  }

  @Override
  public MfccParameters parameters() {
    return parameters;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Coefficient k of N bands: {@code sqrt(2 / N) * sum over n of ln(M[n] + floor) cos(pi k (n +
   * 1/2) / N)}, where M[n] is the magnitude in band n of the Hann-windowed signal. That is DCT-II
   * with orthonormal scale, but for coefficient 0, which is sqrt(2) larger than orthonormal.
   */
  @Override
  public void compute(short[] samples, int offset, float[] features) {
    double[] magnitude = spectrum.power(samples, offset);
    for (int bin = 0; bin < magnitude.length; bin++) {
      magnitude[bin] = Math.sqrt(magnitude[bin]);
    }
    for (int band = 0; band < logs.length; band++) {
      logs[band] = Math.log(filterbank.sum(band, magnitude) + parameters.floor());
    }
    for (int k = 0; k < features.length; k++) {
      // The cosines of k > 0 sum to zero, so a constant does not count; without it, a flat spectrum
      // (silence, above all) gives exactly 0 and not a rounding error that truncates to -1.
      double constant = k == 0 ? 0 : logs[0];
      double[] row = cosines[k];
      double sum = 0;
      for (int band = 0; band < row.length; band++) {
        sum += row[band] * (logs[band] - constant);
      }
      features[k] = (float) sum;
    }
  }
}
