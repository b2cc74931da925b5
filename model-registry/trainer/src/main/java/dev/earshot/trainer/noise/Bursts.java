package dev.earshot.trainer.noise;

import dev.earshot.trainer.audio.Biquad;
import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.audio.Seeds;
import dev.earshot.trainer.audio.White;
import java.util.random.RandomGenerator;

/** Sounds that come and go: compressed air, a tap that is opened, a roar of the crowd. */
final class Bursts implements Layer {
  private final RandomGenerator random;
  private final double everyMillis;
  private final double shortestMillis;
  private final double longestMillis;
  private final double centreHertz;
  private final double gain;

  Bursts(
      RandomGenerator random,
      double everyMillis,
      double shortestMillis,
      double longestMillis,
      double centreHertz,
      double gain) {
    this.random = random;
    this.everyMillis = everyMillis;
    this.shortestMillis = shortestMillis;
    this.longestMillis = longestMillis;
    this.centreHertz = centreHertz;
    this.gain = gain;
  }

  @Override
  public void addTo(float[] sound) {
    double at = -Math.log(1 - random.nextDouble()) * everyMillis;
    while (at < sound.length * 1000.0 / Clip.RATE) {
      double millis = Seeds.between(random, shortestMillis, longestMillis);
      int start = (int) (at * Clip.RATE / 1000);
      int length = (int) (millis * Clip.RATE / 1000);
      White white = new White(random.nextLong());
      Biquad band = Biquad.bandPass(centreHertz * Seeds.between(random, 0.7, 1.4), 0.8);
      double loud = gain * 0.3 * Seeds.between(random, 0.4, 1);
      for (int i = 0; i < length && start + i < sound.length; i++) {
        double position = (double) i / length;
        double envelope = Math.min(1, Math.min(position, 1 - position) * 5);
        sound[start + i] += (float) (loud * envelope * band.next(white.next()));
      }
      at += millis - Math.log(1 - random.nextDouble()) * everyMillis;
    }
  }
}
