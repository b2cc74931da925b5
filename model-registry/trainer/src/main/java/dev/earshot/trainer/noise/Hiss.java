package dev.earshot.trainer.noise;

import dev.earshot.trainer.audio.Biquad;
import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.audio.Pink;
import dev.earshot.trainer.audio.Seeds;
import java.util.random.RandomGenerator;

/** Noise within a band, swelling and fading: fans, tyres, running water, a crowd far away. */
final class Hiss implements Layer {
  private final long seed;
  private final double low;
  private final double high;
  private final double swell;
  private final double swellHertz;
  private final double phase;
  private final double gain;

  /**
   * @param low lower edge in hertz; 0 for none
   * @param high upper edge in hertz
   * @param swell how much the loudness changes, 0 to 1
   * @param swellHertz how often
   */
  Hiss(
      RandomGenerator random,
      double low,
      double high,
      double swell,
      double swellHertz,
      double gain) {
    this.seed = random.nextLong();
    this.low = low;
    this.high = high;
    this.swell = swell;
    this.swellHertz = swellHertz;
    this.phase = Seeds.between(random, 0, 2 * Math.PI);
    this.gain = gain;
  }

  @Override
  public void addTo(float[] sound) {
    Pink pink = new Pink(seed);
    Biquad highPass = Biquad.highPass(Math.max(15, low), 0.7);
    Biquad lowPass = Biquad.lowPass(Math.min(high, 7500), 0.7);
    float[] band = new float[sound.length];
    for (int i = 0; i < band.length; i++) {
      band[i] = (float) lowPass.next(highPass.next(pink.next()));
    }
    double scale = gain * 0.1 / Math.max(1e-9, Clip.rms(band));
    for (int block = 0; block < sound.length; block += 64) {
      double seconds = (double) block / Clip.RATE;
      double slow = Math.sin(2 * Math.PI * swellHertz * seconds + phase);
      double fast = Math.sin(2 * Math.PI * swellHertz * 2.7 * seconds + 2 * phase);
      float loud = (float) (scale * (1 + swell * (0.7 * slow + 0.3 * fast)));
      for (int i = block; i < Math.min(sound.length, block + 64); i++) {
        sound[i] += loud * band[i];
      }
    }
  }
}
