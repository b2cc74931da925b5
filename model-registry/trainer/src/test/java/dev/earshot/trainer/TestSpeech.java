package dev.earshot.trainer;

import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.audio.Seeds;
import dev.earshot.trainer.speech.SpeechPool;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Sounds in place of speech, for tests that must not need espeak-ng: wake words are a rising and
 * falling sweep, talk is a row of tones.
 */
public final class TestSpeech {
  private TestSpeech() {}

  public static SpeechPool pool() {
    List<Clip> wakes = new ArrayList<>();
    List<Clip> talk = new ArrayList<>();
    List<Clip> confusable = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      RandomGenerator random = Seeds.random(i, "test speech");
      double base = Seeds.between(random, 350, 500);
      wakes.add(sweep(base, base * 4, 0.7));
      confusable.add(sweep(base * 4, base, 0.7));
      talk.add(sweep(base, base * Seeds.between(random, 0.8, 1.3), 2.5));
    }
    return new SpeechPool(wakes, talk, confusable);
  }

  private static Clip sweep(double fromHertz, double toHertz, double seconds) {
    float[] samples = new float[(int) (seconds * Clip.RATE)];
    double phase = 0;
    for (int i = 0; i < samples.length; i++) {
      double at = (double) i / samples.length;
      phase += 2 * Math.PI * (fromHertz + (toHertz - fromHertz) * at) / Clip.RATE;
      double harmonics = Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.3 * Math.sin(3 * phase);
      samples[i] = (float) (0.2 * harmonics * Math.min(1, 20 * Math.min(at, 1 - at)));
    }
    return new Clip(samples);
  }
}
