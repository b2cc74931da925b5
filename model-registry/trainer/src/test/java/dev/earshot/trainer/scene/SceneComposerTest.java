package dev.earshot.trainer.scene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.trainer.TestSpeech;
import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.noise.AcousticEnvironment;
import dev.earshot.trainer.speech.Split;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SceneComposerTest {
  private static final SceneComposer.Style STYLE = new SceneComposer.Style(0.2, 3, 0.1);

  private final SceneComposer composer =
      new SceneComposer(TestSpeech.pool(), Split.TRAINING, 42, STYLE);

  @Test
  void scene_isTheSameAgain_whateverWasComposedBetween() {
    Scene first = composer.talk(AcousticEnvironment.CAR, 3);
    composer.talk(AcousticEnvironment.CAR, 4);

    assertArrayEquals(first.pcm(), composer.talk(AcousticEnvironment.CAR, 3).pcm());
  }

  @Test
  void sameNumber_inAnotherSplit_isAnotherScene() {
    SceneComposer test = new SceneComposer(TestSpeech.pool(), Split.TEST, 42, STYLE);

    assertFalse(
        Arrays.equals(
            composer.talk(AcousticEnvironment.QUIET, 0).pcm(),
            test.talk(AcousticEnvironment.QUIET, 0).pcm()));
  }

  @Test
  void wakeWords_areApartAndInsideTheScene() {
    Scene scene = composer.wakes(AcousticEnvironment.FACTORY, 0);

    assertTrue(scene.wakes().size() >= 12, scene.wakes().size() + " wakes");
    int quietSince = 0;
    for (Scene.Span wake : scene.wakes()) {
      assertTrue(wake.start() - quietSince >= Clip.RATE, "pause before " + wake);
      quietSince = wake.end();
    }
    assertTrue(quietSince + Clip.RATE <= scene.pcm().length);
  }

  @Test
  void wordSpoken_isLouderThanThePauseAroundIt() {
    Scene scene = composer.wakes(AcousticEnvironment.QUIET, 1);
    Scene.Span wake = scene.wakes().getFirst();

    double word = loudness(scene.pcm(), wake.start(), wake.end());
    double before = loudness(scene.pcm(), wake.start() - Clip.RATE / 2, wake.start());
    assertTrue(word > 5 * before, word + " against " + before);
  }

  @Test
  void windowLabels_followTheWord() {
    Scene scene = new Scene(new short[0], List.of(new Scene.Span(32_000, 44_000)), List.of());

    assertEquals(WindowSet.Label.SILENCE, decide(scene, 30_000));
    assertEquals(WindowSet.Label.UNKNOWN, decide(scene, 36_000), "only the beginning was heard");
    assertEquals(null, decide(scene, 42_000), "nearly all of it: not worth teaching");
    assertEquals(WindowSet.Label.WAKE, decide(scene, 44_000));
    assertEquals(WindowSet.Label.WAKE, decide(scene, 46_000));
    assertEquals(null, decide(scene, 48_000), "some moments later: not worth teaching");
    assertEquals(WindowSet.Label.UNKNOWN, decide(scene, 52_000), "only the end is left");
    assertEquals(WindowSet.Label.SILENCE, decide(scene, 62_000));
  }

  @Test
  void talkOfAnyLength_isUnknown_aShortBitOfItIsLeftOut() {
    Scene scene = new Scene(new short[0], List.of(), List.of(new Scene.Span(32_000, 80_000)));

    assertEquals(WindowSet.Label.UNKNOWN, decide(scene, 60_000));
    assertEquals(null, decide(scene, 33_000));
    assertEquals(WindowSet.Label.SILENCE, decide(scene, 31_000));
  }

  @Test
  void windows_holdTheFeaturesOfTheirFrames() {
    Scene scene = composer.wakes(AcousticEnvironment.KITCHEN, 2);
    byte[] features = new FeatureMaker().features(scene.pcm());
    WindowSet windows = new WindowSet(30);
    windows.add(scene, features);

    int wake = windows.of(WindowSet.Label.WAKE)[0];
    byte[] window = windows.features(wake);
    float[] transposed = new float[window.length];
    windows.transposed(wake, transposed, 0);
    float[] values = windows.values(wake);

    assertEquals(30 * 40, window.length);
    assertEquals(values[7 * 40 + 3], transposed[3 * 30 + 7]);
    assertEquals(WindowSet.Label.WAKE, windows.label(wake));
    assertTrue(windows.of(WindowSet.Label.WAKE).length >= 4 * scene.wakes().size());
  }

  private static WindowSet.@org.jspecify.annotations.Nullable Label decide(Scene scene, int end) {
    return WindowSet.decide(scene, end - WindowSet.span(30), end);
  }

  private static double loudness(short[] pcm, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += pcm[i] * pcm[i];
    }
    return Math.sqrt(sum / (to - from));
  }
}
