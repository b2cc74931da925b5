package dev.earshot.trainer.audio;

/**
 * A piece of mono audio, 16 kHz, full scale at -1 and 1. The array is shared, not copied: whoever
 * holds a clip does not write to it.
 *
 * @param samples the audio
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by nobody; copying minutes of audio is not free
public record Clip(float[] samples) {
  /** Samples per second of every clip. */
  public static final int RATE = 16_000;

  public int length() {
    return samples.length;
  }

  /**
   * This clip without the silence around it: from the first to the last 10 ms near its loudness.
   */
  public Clip trimmed(double belowPeakDb) {
    int block = RATE / 100;
    int blocks = samples.length / block;
    double peak = 0;
    double[] power = new double[blocks];
    for (int b = 0; b < blocks; b++) {
      for (int i = b * block; i < (b + 1) * block; i++) {
        power[b] += samples[i] * samples[i];
      }
      peak = Math.max(peak, power[b]);
    }
    double floor = peak * Math.pow(10, -belowPeakDb / 10);
    int first = 0;
    while (first < blocks && power[first] <= floor) {
      first++;
    }
    int last = blocks - 1;
    while (last > first && power[last] <= floor) {
      last--;
    }
    if (first >= last) {
      return this;
    }
    float[] kept = new float[(last - first + 1) * block];
    System.arraycopy(samples, first * block, kept, 0, kept.length);
    return new Clip(kept);
  }

  /**
   * Played faster (above 1) or slower, higher or lower with it. Cubic interpolation (Catmull-Rom):
   * quick, and clean enough for speech, whose energy is far below half the sample rate.
   */
  public Clip played(double speed) {
    float[] out = new float[(int) ((samples.length - 3) / speed)];
    for (int n = 0; n < out.length; n++) {
      double at = 1 + n * speed;
      int i = Math.min((int) at, samples.length - 3);
      float x = (float) (at - i);
      float a = samples[i - 1];
      float b = samples[i];
      float c = samples[i + 1];
      float d = samples[i + 2];
      out[n] = b + 0.5f * x * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a)));
    }
    return new Clip(out);
  }

  /**
   * Loudness of the parts that are not pauses, as root mean square: blocks within 25 dB of peak.
   */
  public double activeRms() {
    int block = RATE / 50;
    double peak = 0;
    int blocks = samples.length / block;
    double[] power = new double[blocks];
    for (int b = 0; b < blocks; b++) {
      for (int i = b * block; i < (b + 1) * block; i++) {
        power[b] += samples[i] * samples[i];
      }
      power[b] /= block;
      peak = Math.max(peak, power[b]);
    }
    double sum = 0;
    int active = 0;
    for (double p : power) {
      if (p > peak * 0.00316) {
        sum += p;
        active++;
      }
    }
    return active == 0 ? 0 : Math.sqrt(sum / active);
  }

  /** Root mean square of everything. */
  public static double rms(float[] samples) {
    double sum = 0;
    for (float s : samples) {
      sum += s * s;
    }
    return samples.length == 0 ? 0 : Math.sqrt(sum / samples.length);
  }

  /** The factor of a level in decibels. */
  public static double gain(double decibels) {
    return Math.pow(10, decibels / 20);
  }
}
