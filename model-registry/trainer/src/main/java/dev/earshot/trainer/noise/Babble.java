package dev.earshot.trainer.noise;

import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.audio.Seeds;
import java.util.List;
import java.util.random.RandomGenerator;

/** Many people talking at once, near and far, none of them to the device. */
final class Babble implements Layer {
  private final RandomGenerator random;
  private final List<Clip> speech;
  private final int talkers;
  private final double gain;

  Babble(RandomGenerator random, List<Clip> speech, int talkers, double gain) {
    this.random = random;
    this.speech = speech;
    this.talkers = talkers;
    this.gain = gain;
  }

  @Override
  public void addTo(float[] sound) {
    if (speech.isEmpty()) {
      return;
    }
    for (int talker = 0; talker < talkers; talker++) {
      double distance = Seeds.between(random, 0.25, 1);
      int at = -random.nextInt(4 * Clip.RATE);
      while (at < sound.length) {
        Clip clip = speech.get(random.nextInt(speech.size()));
        double active = clip.activeRms();
        float loud =
            (float) (active == 0 ? 0 : gain * distance * 0.1 / active / Math.sqrt(talkers));
        float[] samples = clip.samples();
        for (int i = Math.max(0, -at); i < samples.length && at + i < sound.length; i++) {
          sound[at + i] += loud * samples[i];
        }
        at += samples.length + random.nextInt(Clip.RATE);
      }
    }
  }
}
