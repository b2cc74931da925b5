package dev.earshot.trainer.scene;

import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.audio.Room;
import dev.earshot.trainer.audio.Seeds;
import dev.earshot.trainer.noise.AcousticEnvironment;
import dev.earshot.trainer.noise.EnvironmentNoise;
import dev.earshot.trainer.speech.SpeechPool;
import dev.earshot.trainer.speech.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Puts speech into places. A scene depends only on the seed, the split, the environment, its kind
 * and its number: it can be made again, alone, in any order. May be used by several threads.
 */
public final class SceneComposer {
  /** Length of every scene. */
  public static final int SECONDS = 60;

  private static final double LOUDEST = 0.98;

  private final SpeechPool pool;
  private final Split split;
  private final long seed;
  private final Style style;

  public SceneComposer(SpeechPool pool, Split split, long seed, Style style) {
    this.pool = pool;
    this.split = split;
    this.seed = seed;
    this.style = style;
  }

  /**
   * How people speak.
   *
   * @param confusableShare share of the utterances in talk that sound like the wake word, 0 to 1
   * @param longestPauseSeconds between two utterances of talk; the shortest is 0.2 s
   * @param voiceSpread how much voices are made smaller and larger, formants, pitch and pace
   *     together: each utterance is played at a speed between 1 - spread and 1 + spread; 0 for the
   *     voices as they are. Stands in for vocal tracts that no variant of the synthesizer has.
   */
  public record Style(double confusableShare, double longestPauseSeconds, double voiceSpread) {}

  /** Talk without the wake word. */
  public Scene talk(AcousticEnvironment environment, int number) {
    Canvas canvas = new Canvas(environment, Seeds.derive(seed, split, "talk", environment, number));
    List<Scene.Span> talk = new ArrayList<>();
    int at = canvas.pause(0.1, 1.5);
    while (true) {
      boolean confusable =
          !pool.confusable().isEmpty() && canvas.random.nextDouble() < style.confusableShare();
      List<Clip> choices = confusable ? pool.confusable() : pool.talk();
      Clip clip = canvas.voiced(choices.get(canvas.random.nextInt(choices.size())));
      if (at + clip.length() >= canvas.sound.length) {
        return canvas.scene(List.of(), talk);
      }
      canvas.speak(clip, at);
      talk.add(new Scene.Span(at, at + clip.length()));
      at += clip.length() + canvas.pause(0.2, style.longestPauseSeconds());
    }
  }

  /** The wake word, again and again, with pauses of one and a half to three seconds. */
  public Scene wakes(AcousticEnvironment environment, int number) {
    Canvas canvas = new Canvas(environment, Seeds.derive(seed, split, "wake", environment, number));
    List<Scene.Span> wakes = new ArrayList<>();
    int at = canvas.pause(1.2, 2);
    while (true) {
      Clip clip = canvas.voiced(pool.wakes().get(canvas.random.nextInt(pool.wakes().size())));
      if (at + clip.length() + 3 * Clip.RATE / 2 >= canvas.sound.length) {
        return canvas.scene(wakes, List.of());
      }
      canvas.speak(clip, at);
      wakes.add(new Scene.Span(at, at + clip.length()));
      at += clip.length() + canvas.pause(1.5, 3);
    }
  }

  /** One scene while it is being made. */
  private final class Canvas {
    private final RandomGenerator random;
    private final AcousticEnvironment environment;
    private final float[] sound;
    private final double noiseRms;

    Canvas(AcousticEnvironment environment, long seed) {
      this.environment = environment;
      this.random = Seeds.random(seed);
      this.noiseRms = Clip.gain(draw(environment.noiseDbfs()));
      this.sound = EnvironmentNoise.render(environment, SECONDS * Clip.RATE, seed, pool.talk());
      for (int i = 0; i < sound.length; i++) {
        sound[i] *= (float) noiseRms;
      }
    }

    int pause(double fromSeconds, double toSeconds) {
      return (int) (Seeds.between(random, fromSeconds, toSeconds) * Clip.RATE);
    }

    /** The clip in another size of voice. */
    Clip voiced(Clip clip) {
      if (style.voiceSpread() <= 0) {
        return clip;
      }
      return clip.played(Seeds.between(random, 1 - style.voiceSpread(), 1 + style.voiceSpread()));
    }

    private double draw(AcousticEnvironment.Range range) {
      return Seeds.between(random, range.low(), range.high());
    }

    void speak(Clip clip, int at) {
      Room room =
          new Room(
              random, draw(environment.reverberationMillis()), Seeds.between(random, 0.05, 0.6));
      double active = clip.activeRms();
      double target = Math.min(0.2, noiseRms * Clip.gain(draw(environment.speechToNoiseDb())));
      float gain = (float) (active == 0 ? 0 : target / active);
      float[] samples = room.play(clip).samples();
      for (int i = 0; i < samples.length; i++) {
        sound[at + i] += gain * samples[i];
      }
    }

    Scene scene(List<Scene.Span> wakes, List<Scene.Span> talk) {
      short[] pcm = new short[sound.length];
      for (int i = 0; i < pcm.length; i++) {
        pcm[i] = (short) Math.round(Math.clamp(sound[i], -LOUDEST, LOUDEST) * 32767);
      }
      return new Scene(pcm, wakes, talk);
    }
  }
}
