package dev.earshot.trainer.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import dev.earshot.trainer.audio.Seeds;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TorchTrainerTest {
  private static final Architecture SMALL =
      new Architecture.Convolutional(
          List.of(new Architecture.Block(10, 8), new Architecture.Block(21, 8)));
  private static final Architecture HIDDEN = new Architecture.FullyConnected(List.of(16, 8));
  private static final int BATCH = 32;

  private static List<Architecture> architectures() {
    return List.of(SMALL, HIDDEN);
  }

  @Test
  void withoutTheEngine_itSaysHowToGetIt() {
    assumeFalse(Engine.hasEngine("PyTorch"), "the PyTorch engine is on the class path");

    assertEquals(
        "training needs the PyTorch engine, which this class path does not have (run it with the"
            + " Maven profile train: ./earshot model train does)",
        assertThrows(IllegalStateException.class, () -> new TorchTrainer(SMALL, 1, 0.01, 10))
            .getMessage());
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void network_learnsAndItsFoldedWeightsSayTheSame(Architecture architecture) {
    assumeTrue(Engine.hasEngine("PyTorch"), "only in the Maven profile train");
    int length = architecture.frames();
    try (TorchTrainer torch = new TorchTrainer(architecture, 1, 0.01, 60)) {
      RandomGenerator random = Seeds.random(4);
      float first = step(torch, random, length);
      float last = first;
      for (int i = 0; i < 59; i++) {
        last = step(torch, random, length);
      }
      assertTrue(last < first / 2, first + " -> " + last);

      float[] windows = windows(random, new int[BATCH], length);
      float[] expected = torch.logits(windows);
      float[] frames = new float[40 * length];
      for (int i = 0; i < frames.length; i++) {
        frames[i % length * 40 + i / length] = windows[i];
      }
      float[] logits = torch.network().logits(frames, (name, values) -> {});
      assertArrayEquals(new float[] {expected[0], expected[1], expected[2]}, logits, 1e-3f);
    }
  }

  @Test
  void sameSeed_givesTheSameWeights() {
    assumeTrue(Engine.hasEngine("PyTorch"), "only in the Maven profile train");

    assertArrayEquals(trained(9), trained(9));
  }

  private static float[] trained(long seed) {
    try (TorchTrainer torch = new TorchTrainer(SMALL, seed, 0.01, 10)) {
      RandomGenerator random = Seeds.random(4);
      for (int i = 0; i < 10; i++) {
        step(torch, random, SMALL.frames());
      }
      return torch.network().blocks().getLast().pointwise();
    }
  }

  private static float step(TorchTrainer torch, RandomGenerator random, int frames) {
    int[] classes = random.ints(BATCH, 0, 3).toArray();
    float[] targets = new float[BATCH * 3];
    for (int i = 0; i < BATCH; i++) {
      targets[i * 3 + classes[i]] = 1;
    }
    return torch.step(windows(random, classes, frames), targets);
  }

  /** Noise, and a band of bins that tells the class. */
  private static float[] windows(RandomGenerator random, int[] classes, int frames) {
    int elements = 40 * frames;
    float[] windows = new float[classes.length * elements];
    for (int i = 0; i < windows.length; i++) {
      int bin = i % elements / frames;
      boolean band = bin / 13 == classes[i / elements];
      windows[i] = (float) (0.3 * random.nextDouble() + (band ? 0.3 : 0));
    }
    return windows;
  }
}
