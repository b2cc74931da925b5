package dev.earshot.trainer.release;

import dev.earshot.trainer.audio.Seeds;
import dev.earshot.trainer.recipe.Recipe;
import dev.earshot.trainer.scene.SceneComposer;
import dev.earshot.trainer.speech.EspeakNg;
import dev.earshot.trainer.speech.SpeechPool;
import dev.earshot.trainer.speech.Split;
import dev.earshot.trainer.work.Workers;

/**
 * The audio that a release is judged on. It depends on the evaluation's seed alone, not on the
 * recipe's own: releases with the same evaluation seed hear the same.
 */
final class Corpus {
  /** Share of the utterances, in the audio to judge by, that sound like the wake word. */
  static final double CONFUSABLE_SHARE = 0.005;

  private static final double LONGEST_PAUSE_SECONDS = 25;
  private static final double FOREIGN_SHARE = 0.1;
  private static final SpeechPool.Size DEVELOPMENT =
      new SpeechPool.Size(100, FOREIGN_SHARE, 50, 1200, 240);
  private static final SpeechPool.Size TEST =
      new SpeechPool.Size(100, FOREIGN_SHARE, 800, 2000, 480);

  private Corpus() {}

  /** Told how many clips are spoken. */
  static SceneComposer held(
      EspeakNg espeak, Split split, Recipe recipe, Workers workers, SpeechPool.Listener listener) {
    long seed = seed(split, recipe);
    SpeechPool.Size size =
        switch (split) {
          case DEVELOPMENT -> DEVELOPMENT;
          case TEST -> TEST;
          case TRAINING -> throw new IllegalArgumentException("training speech is not held out");
        };
    return composer(
        SpeechPool.speak(espeak, split, size, seed, workers, listener), split, seed);
  }

  /** The evaluation's own scenes again; only what is said in those asked for is spoken. */
  static SceneComposer evaluation(EspeakNg espeak, Recipe recipe) {
    long seed = seed(Split.TEST, recipe);
    return composer(SpeechPool.onDemand(espeak, Split.TEST, TEST, seed), Split.TEST, seed);
  }

  private static long seed(Split split, Recipe recipe) {
    return Seeds.derive(recipe.evaluation().seed(), "held-out", split);
  }

  private static SceneComposer composer(SpeechPool pool, Split split, long seed) {
    return new SceneComposer(
        pool, split, seed, new SceneComposer.Style(CONFUSABLE_SHARE, LONGEST_PAUSE_SECONDS, 0));
  }

  /** One line for the evaluation record. */
  static String description(Recipe recipe, EspeakNg espeak) {
    return "synthetic: "
        + espeak.programVersion()
        + ", held-out voices and phrases, generated noise and echo, seed "
        + recipe.evaluation().seed()
        + "; somebody talks a third of the time, and one utterance in "
        + Math.round(1 / CONFUSABLE_SHARE)
        + " sounds like the wake word: a stress corpus, with more false accepts an hour than"
        + " ordinary days have";
  }
}
