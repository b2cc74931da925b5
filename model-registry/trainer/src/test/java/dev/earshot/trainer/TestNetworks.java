package dev.earshot.trainer;

import dev.earshot.trainer.audio.Seeds;
import dev.earshot.trainer.network.Architecture;
import dev.earshot.trainer.network.FloatNetwork;
import dev.earshot.trainer.quantize.Affine;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Small networks with random weights, and random windows for them. */
public final class TestNetworks {
  private TestNetworks() {}

  /**
   * A network.
   *
   * @param blocks 1 or 2
   */
  public static FloatNetwork random(long seed, int blocks, int channels) {
    RandomGenerator random = Seeds.random(seed, "network");
    List<FloatNetwork.Block> list = new ArrayList<>();
    int inputs = Architecture.BINS;
    for (int b = 0; b < blocks; b++) {
      int time = blocks == 1 ? 30 : b == 0 ? 10 : 21;
      list.add(
          new FloatNetwork.Block(
              time,
              values(random, time * inputs, 1.0 / time),
              values(random, inputs, 0.1),
              values(random, channels * inputs, 1.5 / Math.sqrt(inputs)),
              values(random, channels, 0.1)));
      inputs = channels;
    }
    return new FloatNetwork(
        list,
        new FloatNetwork.Dense(
            values(random, Architecture.CLASSES * inputs, 6),
            values(random, Architecture.CLASSES, 0.5)));
  }

  /** Windows as the quantized features stand for them: every value is a step of the input's. */
  public static List<float[]> windows(long seed, int count) {
    return windows(seed, count, Architecture.Convolutional.FRAMES);
  }

  /** The same with so many frames each. */
  public static List<float[]> windows(long seed, int count, int frames) {
    RandomGenerator random = Seeds.random(seed, "windows");
    List<float[]> windows = new ArrayList<>();
    for (int w = 0; w < count; w++) {
      float[] window = new float[frames * Architecture.BINS];
      for (int i = 0; i < window.length; i++) {
        window[i] = Affine.FEATURES.real(random.nextInt(256) - 128);
      }
      windows.add(window);
    }
    return windows;
  }

  private static float[] values(RandomGenerator random, int count, double range) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) Seeds.between(random, -range, range);
    }
    return values;
  }
}
