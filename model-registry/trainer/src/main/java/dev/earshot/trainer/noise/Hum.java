package dev.earshot.trainer.noise;

import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.audio.Seeds;
import java.util.random.RandomGenerator;

/**
 * A tone and its harmonics: mains, engines, machines. The pitch wanders slowly within a few per
 * cent; each harmonic has its own loudness and a slow beat.
 */
final class Hum implements Layer {
  private static final int CONTROL = 64;

  private final double hertz;
  private final double wander;
  private final double gain;
  private final double[] weight;
  private final double[] phase;
  private final double[] beatHertz;
  private final double wanderHertz;

  /**
   * @param harmonics how many, the fundamental included
   * @param tilt exponent by which harmonic k is softer: 1/k^tilt
   * @param wander relative change of pitch, 0 to 0.5
   */
  Hum(
      RandomGenerator random,
      double hertz,
      int harmonics,
      double tilt,
      double wander,
      double gain) {
    this.hertz = hertz;
    this.wander = wander;
    this.gain = gain * 0.14;
    this.wanderHertz = Seeds.between(random, 0.03, 0.15);
    weight = new double[harmonics];
    phase = new double[harmonics];
    beatHertz = new double[harmonics];
    double energy = 0;
    for (int k = 0; k < harmonics; k++) {
      weight[k] = Seeds.between(random, 0.3, 1) / Math.pow(k + 1, tilt);
      phase[k] = Seeds.between(random, 0, 2 * Math.PI);
      beatHertz[k] = Seeds.between(random, 0.2, 3);
      energy += weight[k] * weight[k];
    }
    for (int k = 0; k < harmonics; k++) {
      weight[k] /= Math.sqrt(energy);
    }
  }

  @Override
  public void addTo(float[] sound) {
    for (int k = 0; k < weight.length; k++) {
      double angle = phase[k];
      for (int block = 0; block < sound.length; block += CONTROL) {
        double seconds = (double) block / Clip.RATE;
        double pitch =
            hertz
                * (k + 1)
                * (1 + wander * Math.sin(2 * Math.PI * wanderHertz * seconds + phase[0]));
        if (pitch >= Clip.RATE * 0.45) {
          break;
        }
        double loud =
            gain
                * weight[k]
                * (0.75 + 0.25 * Math.sin(2 * Math.PI * beatHertz[k] * seconds + phase[k]));
        rotate(sound, block, Math.min(sound.length, block + CONTROL), angle, pitch, loud);
        angle += 2 * Math.PI * pitch * CONTROL / Clip.RATE;
      }
    }
  }

  /** Adds a sine from {@code first} to {@code end} by rotating a phasor: two products a sample. */
  private static void rotate(
      float[] sound, int first, int end, double angle, double pitch, double loud) {
    double step = 2 * Math.PI * pitch / Clip.RATE;
    double re = Math.cos(angle) * loud;
    double im = Math.sin(angle) * loud;
    double cos = Math.cos(step);
    double sin = Math.sin(step);
    for (int i = first; i < end; i++) {
      sound[i] += (float) im;
      double next = re * cos - im * sin;
      im = re * sin + im * cos;
      re = next;
    }
  }
}
