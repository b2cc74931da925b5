package dev.earshot.trainer.noise;

import static dev.earshot.trainer.audio.Seeds.between;

import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.audio.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The noise of an environment, made from a seed: the same seed gives the same samples. Every scene
 * draws its own machines, engines and crowds, so that a held-out seed is a place not heard before.
 */
public final class EnvironmentNoise {
  private EnvironmentNoise() {}

  /**
   * The noise of one scene.
   *
   * @param speech whom the stadium's babble is made of; ignored elsewhere
   * @return noise at a root mean square of one
   */
  public static float[] render(
      AcousticEnvironment environment, int samples, long seed, List<Clip> speech) {
    RandomGenerator random = Seeds.random(seed, "noise", environment.label());
    List<Layer> layers =
        switch (environment) {
          case QUIET -> quiet(random);
          case KITCHEN -> kitchen(random);
          case CAR -> car(random);
          case FACTORY -> factory(random);
          case STADIUM -> stadium(random, speech);
        };
    float[] sound = new float[samples];
    for (Layer layer : layers) {
      layer.addTo(sound);
    }
    float scale = (float) (1 / Math.max(1e-9, Clip.rms(sound)));
    for (int i = 0; i < samples; i++) {
      sound[i] *= scale;
    }
    return sound;
  }

  private static List<Layer> quiet(RandomGenerator random) {
    return List.of(
        new Hiss(random, 0, 7000, 0.2, 0.05, 1),
        new Hum(random, random.nextBoolean() ? 50 : 60, 6, 1, 0, between(random, 0, 0.8)));
  }

  private static List<Layer> kitchen(RandomGenerator random) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Hiss(random, 60, 6000, 0.2, 0.1, between(random, 0.4, 1)));
    layers.add(
        new Hum(random, random.nextBoolean() ? 100 : 120, 8, 0.8, 0, between(random, 0.2, 1)));
    layers.add(
        new Impacts(
            random, between(random, 900, 4000), false, 1400, 6800, 120, between(random, 0.3, 1.4)));
    if (random.nextInt(3) > 0) {
      layers.add(new Bursts(random, 9000, 3000, 12_000, 2600, between(random, 0.5, 1.3)));
    }
    return layers;
  }

  private static List<Layer> car(RandomGenerator random) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Hiss(random, 15, between(random, 90, 180), 0.3, 0.2, 2));
    layers.add(
        new Hiss(random, 300, between(random, 900, 2200), 0.3, 0.15, between(random, 0.3, 0.8)));
    layers.add(new Hum(random, between(random, 26, 75), 14, 0.7, 0.12, between(random, 0.6, 1.4)));
    layers.add(new Hiss(random, 1500, 6500, 0.2, 0.1, between(random, 0.05, 0.25)));
    if (random.nextInt(4) == 0) {
      layers.add(new Impacts(random, between(random, 330, 420), true, 1800, 3600, 20, 0.25));
    }
    return layers;
  }

  private static List<Layer> factory(RandomGenerator random) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Hiss(random, 40, 7000, 0.2, 0.2, between(random, 0.5, 1)));
    layers.add(new Hum(random, between(random, 85, 240), 16, 0.5, 0.02, between(random, 0.4, 1.2)));
    layers.add(new Hum(random, between(random, 240, 900), 6, 0.6, 0.01, between(random, 0.2, 0.8)));
    layers.add(
        new Impacts(
            random, between(random, 350, 1600), true, 90, 3200, 260, between(random, 0.8, 2.2)));
    layers.add(
        new Impacts(
            random, between(random, 700, 3000), false, 500, 5200, 350, between(random, 0.4, 1.2)));
    layers.add(new Bursts(random, 3500, 120, 700, 4800, between(random, 0.8, 2)));
    return layers;
  }

  private static List<Layer> stadium(RandomGenerator random, List<Clip> speech) {
    List<Layer> layers = new ArrayList<>();
    layers.add(
        new Hiss(random, 250, 3200, 0.6, between(random, 0.05, 0.2), between(random, 0.5, 1)));
    layers.add(new Bursts(random, 8000, 1500, 5000, 900, between(random, 0.6, 1.6)));
    layers.add(new Babble(random, speech, 5 + random.nextInt(12), between(random, 1, 2)));
    if (random.nextBoolean()) {
      layers.add(
          new Hum(random, between(random, 220, 480), 7, 0.5, 0.01, between(random, 0.05, 0.3)));
    }
    return layers;
  }
}
