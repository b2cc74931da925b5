package dev.earshot.trainer.audio;

/**
 * Noise that falls 3 dB an octave between 10 Hz and 8 kHz: white noise through first-order sections
 * whose poles and zeros alternate, a factor of sqrt(10) apart on the frequency axis (each pair
 * bends the slope by 6 dB an octave for half of the distance).
 */
public final class Pink {
  private static final int SECTIONS = 4;

  private final White white;
  private final double[] pole = new double[SECTIONS];
  private final double[] zero = new double[SECTIONS];
  private final double[] lastIn = new double[SECTIONS];
  private final double[] lastOut = new double[SECTIONS];

  public Pink(long seed) {
    white = new White(seed);
    double hertz = 10;
    for (int i = 0; i < SECTIONS; i++) {
      pole[i] = Math.exp(-2 * Math.PI * hertz / Clip.RATE);
      zero[i] = Math.exp(-2 * Math.PI * hertz * Math.sqrt(10) / Clip.RATE);
      hertz *= 10;
    }
  }

  /** The next sample; root mean square in the order of one tenth. */
  public double next() {
    double x = white.next();
    for (int i = 0; i < SECTIONS; i++) {
      double y = x - zero[i] * lastIn[i] + pole[i] * lastOut[i];
      lastIn[i] = x;
      lastOut[i] = y;
      x = y;
    }
    return x * 0.1;
  }
}
