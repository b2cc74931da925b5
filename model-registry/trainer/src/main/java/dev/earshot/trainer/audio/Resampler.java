package dev.earshot.trainer.audio;

/**
 * Changes the sample rate by a windowed sinc (Blackman window, 24 zero crossings a side, pass band
 * up to 95 % of the lower Nyquist frequency), evaluated exactly at each output instant.
 */
public final class Resampler {
  private static final int CROSSINGS = 24;
  private static final int STEPS = 512;

  private static final float[] TABLE = table();

  private final int from;
  private final int to;
  private final double cutoff;

  public Resampler(int from, int to) {
    if (from <= 0 || to <= 0) {
      throw new IllegalArgumentException(
          "rate: " + from + " to " + to + " Hz (expected: both positive)");
    }
    this.from = from;
    this.to = to;
    this.cutoff = 0.95 * Math.min(1.0, (double) to / from);
  }

  /** The same sound at the other rate. */
  public float[] resample(float[] input) {
    if (from == to) {
      return input.clone();
    }
    int length = (int) ((long) input.length * to / from);
    float[] output = new float[length];
    double reach = CROSSINGS / cutoff;
    for (int n = 0; n < length; n++) {
      double at = (double) n * from / to;
      int first = Math.max(0, (int) Math.ceil(at - reach));
      int last = Math.min(input.length - 1, (int) Math.floor(at + reach));
      double sum = 0;
      for (int i = first; i <= last; i++) {
        sum += input[i] * TABLE[(int) (Math.abs(i - at) * cutoff * STEPS + 0.5)];
      }
      output[n] = (float) (sum * cutoff);
    }
    return output;
  }

  private static float[] table() {
    float[] values = new float[CROSSINGS * STEPS + 2];
    for (int i = 0; i < values.length; i++) {
      double x = (double) i / STEPS;
      double sinc = i == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      double phase = Math.PI * Math.min(1, x / CROSSINGS);
      values[i] = (float) (sinc * (0.42 + 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase)));
    }
    return values;
  }
}
