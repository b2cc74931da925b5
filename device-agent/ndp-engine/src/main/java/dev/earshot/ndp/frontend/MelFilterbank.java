package dev.earshot.ndp.frontend;

/**
 * Triangular filters, equally spaced on the mel scale {@code mel = 1127 ln(1 + f / 700)}, that sum
 * a spectrum into bands: the matrix of TensorFlow's {@code linear_to_mel_weight_matrix} (triangles
 * are straight in mel, not in hertz; the first spectrum bin counts nowhere). Immutable.
 *
 * <p>TensorFlow computes the matrix in single precision, where a mel value near 2840 has an error
 * that moves a weight by some 3e-6. The models were trained with those weights, so they are
 * computed the same way here: in double precision one feature in ten thousand would land on the
 * other side of a quantization step.
 */
final class MelFilterbank {
  private final int[] firstBins;
  private final double[][] weights;

  MelFilterbank(int filters, int spectrumBins, int sampleRateHz, double lowHz, double highHz) {
    firstBins = new int[filters];
    weights = new double[filters][];
    float low = mel((float) lowHz);
    float spacing = (mel((float) highHz) - low) / (filters + 1);
    for (int filter = 0; filter < filters; filter++) {
      float lower = low + filter * spacing;
      float center = low + (filter + 1) * spacing;
      float upper = filter == filters - 1 ? mel((float) highHz) : low + (filter + 2) * spacing;
      int first = 0;
      int end = 0;
      double[] row = new double[spectrumBins];
      for (int bin = 1; bin < spectrumBins; bin++) {
        float at = mel((float) (bin * (sampleRateHz / 2.0) / (spectrumBins - 1)));
        row[bin] =
            Math.max(0, Math.min((at - lower) / (center - lower), (upper - at) / (upper - center)));
        if (row[bin] > 0) {
          first = end == 0 ? bin : first;
          end = bin + 1;
        }
      }
      firstBins[filter] = first;
      weights[filter] = java.util.Arrays.copyOfRange(row, first, end);
    }
  }

  private static float mel(float hertz) {
    return 1127f * (float) Math.log(1f + hertz / 700f);
  }

  /** Power, or magnitude, of one band. */
  double sum(int filter, double[] spectrum) {
    double[] row = weights[filter];
    int first = firstBins[filter];
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      sum += row[i] * spectrum[first + i];
    }
    return sum;
  }
}
