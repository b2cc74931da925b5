package dev.earshot.trainer.noise;

import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.audio.Seeds;
import dev.earshot.trainer.audio.White;
import java.util.random.RandomGenerator;

/**
 * Things that hit things: a click of noise and a few resonances that ring out. Dishes at random
 * moments, a press on the beat.
 */
final class Impacts implements Layer {
  private static final int MODES = 5;

  private final RandomGenerator random;
  private final double everyMillis;
  private final boolean periodic;
  private final double lowHertz;
  private final double highHertz;
  private final double ringMillis;
  private final double gain;

  /**
   * @param everyMillis mean time between impacts
   * @param periodic on the beat, or at random
   * @param lowHertz lowest resonance
   * @param highHertz highest resonance
   * @param ringMillis until a resonance has faded by 60 dB
   */
  Impacts(
      RandomGenerator random,
      double everyMillis,
      boolean periodic,
      double lowHertz,
      double highHertz,
      double ringMillis,
      double gain) {
    this.random = random;
    this.everyMillis = everyMillis;
    this.periodic = periodic;
    this.lowHertz = lowHertz;
    this.highHertz = highHertz;
    this.ringMillis = ringMillis;
    this.gain = gain;
  }

  @Override
  public void addTo(float[] sound) {
    double[] fixed = resonances();
    double at = random.nextDouble() * everyMillis;
    while (at < sound.length * 1000.0 / Clip.RATE) {
      double loud =
          gain * (periodic ? Seeds.between(random, 0.8, 1.1) : Seeds.between(random, 0.2, 1));
      strike(sound, (int) (at * Clip.RATE / 1000), periodic ? fixed : resonances(), loud);
      at +=
          periodic
              ? everyMillis * Seeds.between(random, 0.97, 1.03)
              : -Math.log(1 - random.nextDouble()) * everyMillis;
    }
  }

  private double[] resonances() {
    double[] hertz = new double[MODES];
    for (int m = 0; m < MODES; m++) {
      hertz[m] = lowHertz * Math.pow(highHertz / lowHertz, random.nextDouble());
    }
    return hertz;
  }

  private void strike(float[] sound, int start, double[] hertz, double loud) {
    White click = new White(random.nextLong());
    int clickLength = Clip.RATE * 4 / 1000;
    for (int i = 0; i < clickLength && start + i < sound.length; i++) {
      sound[start + i] += (float) (loud * 0.5 * click.next() * (1 - (double) i / clickLength));
    }
    for (double pitch : hertz) {
      double ring = ringMillis * Seeds.between(random, 0.5, 1.2);
      double fade = Math.pow(10, -3000.0 / (ring * Clip.RATE));
      double step = 2 * Math.PI * pitch / Clip.RATE;
      double re = loud * 0.3 * Seeds.between(random, 0.3, 1);
      double im = 0;
      double cos = Math.cos(step) * fade;
      double sin = Math.sin(step) * fade;
      int length = (int) (ring * Clip.RATE / 1000);
      for (int i = start; i < Math.min(sound.length, start + length); i++) {
        sound[i] += (float) im;
        double next = re * cos - im * sin;
        im = re * sin + im * cos;
        re = next;
      }
    }
  }
}
