package dev.earshot.trainer.audio;

/**
 * A second-order filter with state, after Robert Bristow-Johnson's audio EQ cookbook. Not for
 * several threads.
 */
public final class Biquad {
  private final double b0;
  private final double b1;
  private final double b2;
  private final double a1;
  private final double a2;
  private double s1;
  private double s2;

  private Biquad(double b0, double b1, double b2, double a0, double a1, double a2) {
    this.b0 = b0 / a0;
    this.b1 = b1 / a0;
    this.b2 = b2 / a0;
    this.a1 = a1 / a0;
    this.a2 = a2 / a0;
  }

  /** Lets pass what is below {@code hertz}, 12 dB an octave. */
  public static Biquad lowPass(double hertz, double q) {
    double w = 2 * Math.PI * hertz / Clip.RATE;
    double alpha = Math.sin(w) / (2 * q);
    double c = Math.cos(w);
    return new Biquad((1 - c) / 2, 1 - c, (1 - c) / 2, 1 + alpha, -2 * c, 1 - alpha);
  }

  /** Lets pass what is above {@code hertz}, 12 dB an octave. */
  public static Biquad highPass(double hertz, double q) {
    double w = 2 * Math.PI * hertz / Clip.RATE;
    double alpha = Math.sin(w) / (2 * q);
    double c = Math.cos(w);
    return new Biquad((1 + c) / 2, -(1 + c), (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha);
  }

  /** Lets pass what is around {@code hertz}, with a gain of one there. */
  public static Biquad bandPass(double hertz, double q) {
    double w = 2 * Math.PI * hertz / Clip.RATE;
    double alpha = Math.sin(w) / (2 * q);
    return new Biquad(alpha, 0, -alpha, 1 + alpha, -2 * Math.cos(w), 1 - alpha);
  }

  /** The next output for the next input. */
  public double next(double x) {
    double y = b0 * x + s1;
    s1 = b1 * x - a1 * y + s2;
    s2 = b2 * x - a2 * y;
    return y;
  }
}
