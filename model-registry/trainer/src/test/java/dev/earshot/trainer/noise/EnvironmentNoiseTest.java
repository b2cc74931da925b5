package dev.earshot.trainer.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.trainer.TestSpeech;
import dev.earshot.trainer.audio.Biquad;
import dev.earshot.trainer.audio.Clip;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EnvironmentNoiseTest {
  private static final int SAMPLES = 4 * Clip.RATE;
  private static final List<Clip> SPEECH = TestSpeech.pool().talk();

  @ParameterizedTest
  @EnumSource(AcousticEnvironment.class)
  void sameSeed_givesTheSameSamples(AcousticEnvironment environment) {
    assertArrayEquals(render(environment, 1), render(environment, 1));
  }

  @ParameterizedTest
  @EnumSource(AcousticEnvironment.class)
  void otherSeed_isAnotherPlace(AcousticEnvironment environment) {
    assertFalse(Arrays.equals(render(environment, 1), render(environment, 2)));
  }

  @ParameterizedTest
  @EnumSource(AcousticEnvironment.class)
  void everyNoise_hasARootMeanSquareOfOne(AcousticEnvironment environment) {
    float[] noise = render(environment, 3);

    assertEquals(1, Clip.rms(noise), 1e-3);
    for (float sample : noise) {
      assertTrue(Float.isFinite(sample));
    }
  }

  @Test
  void car_rumbles_kitchenDoesNot() {
    assertTrue(shareBelow200Hz(AcousticEnvironment.CAR) > 0.5);
    assertTrue(shareBelow200Hz(AcousticEnvironment.KITCHEN) < 0.4);
  }

  @Test
  void factory_hasHarderImpactsThanAQuietRoom() {
    assertTrue(crest(AcousticEnvironment.FACTORY) > crest(AcousticEnvironment.QUIET));
  }

  @Test
  void unknownLabel_isRefusedWithTheLabelsThatThereAre() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> AcousticEnvironment.of("submarine"));

    assertEquals(
        "environment: 'submarine' (expected: one of [quiet, kitchen, car, factory, stadium])",
        refused.getMessage());
  }

  private static float[] render(AcousticEnvironment environment, long seed) {
    return EnvironmentNoise.render(environment, SAMPLES, seed, SPEECH);
  }

  private static double shareBelow200Hz(AcousticEnvironment environment) {
    double share = 0;
    for (int seed = 0; seed < 4; seed++) {
      Biquad lowPass = Biquad.lowPass(200, 0.7);
      float[] low = render(environment, seed);
      for (int i = 0; i < low.length; i++) {
        low[i] = (float) lowPass.next(low[i]);
      }
      share += Math.pow(Clip.rms(low), 2) / 4;
    }
    return share;
  }

  private static double crest(AcousticEnvironment environment) {
    double crest = 0;
    for (int seed = 0; seed < 4; seed++) {
      for (float sample : render(environment, seed)) {
        crest = Math.max(crest, Math.abs(sample));
      }
    }
    return crest;
  }
}
