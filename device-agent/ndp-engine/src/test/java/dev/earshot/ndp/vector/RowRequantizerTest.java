package dev.earshot.ndp.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.graph.Activation;
import dev.earshot.ndp.graph.ElementType;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Padding;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.graph.Tensor;
import dev.earshot.ndp.kernel.Requantizer;
import dev.earshot.ndp.plan.ExactSums;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Rounding in floats against the exact arithmetic, around the sums where an output changes. */
class RowRequantizerTest {
  private static final int INPUTS = 60;
  private static final int LARGEST_WEIGHT = 127;

  @Property(tries = 200, seed = "7")
  void sumsAroundEveryChange_areRoundedExactly(@ForAll Random random) {
    Quantization input = perTensor(random);
    Requantizer exact = requantizer(random, input);
    // A few biases far beyond what a float holds: dead channels of real models have such.
    int[] bias = {random.nextBoolean() ? random.nextInt() : random.nextInt(60_001) - 30_000};
    ExactSums sums = new ExactSums(input, 1);
    for (int i = 0; i < INPUTS; i++) {
      sums.add(0, i % 2 == 0 ? LARGEST_WEIGHT : -LARGEST_WEIGHT);
    }
    Scaling scaling = new Scaling(exact, bias, sums);
    if (!scaling.isForFloats()) {
      return;
    }
    int largest = (int) sums.largest(0);
    RowRequantizer fast = new RowRequantizer(scaling, Lanes.COUNT);
    for (int i = 0; i < 300; i++) {
      int start = random.nextInt(2 * largest + 1) - largest;
      int change = nextChange(exact, bias[0], start, largest);
      check(fast, exact, bias[0], change - Lanes.COUNT / 2);
    }
  }

  /**
   * The first sum from {@code start} on whose output is another, by bisection; else the largest.
   */
  private static int nextChange(Requantizer exact, int bias, int start, int largest) {
    int before = exact.requantize(start + bias, 0);
    int low = start;
    int high = largest;
    if (exact.requantize(high + bias, 0) == before) {
      return start;
    }
    while (high - low > 1) {
      int middle = low + (high - low) / 2;
      if (exact.requantize(middle + bias, 0) == before) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private static void check(RowRequantizer fast, Requantizer exact, int bias, int from) {
    float[] sums = new float[Lanes.COUNT];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = from + i;
    }
    float[] output = new float[Lanes.COUNT];
    fast.apply(sums, 1, 1, 0, output, new int[1], 0);
    for (int i = 0; i < sums.length; i++) {
      int expected = exact.requantize(from + i + bias, 0) - exact.range().zeroPoint();
      assertEquals(expected, output[i], "sum " + (from + i) + " with bias " + bias);
    }
  }

  private static Quantization perTensor(Random random) {
    return Quantization.perTensor(0.01f + random.nextFloat(), random.nextInt(256) - 128);
  }

  private static Requantizer requantizer(Random random, Quantization input) {
    float scale = (float) Math.pow(2, -14 + 12 * random.nextDouble());
    Activation activation = Activation.values()[random.nextInt(Activation.values().length)];
    Shape shape = Shape.of(1, 1, 1, INPUTS);
    Tensor in = new Tensor(0, "", ElementType.INT8, shape, input, null);
    Tensor weights =
        new Tensor(1, "", ElementType.INT8, shape, Quantization.perTensor(scale, 0), null);
    Tensor out = new Tensor(2, "", ElementType.INT8, Shape.of(1, 1, 1, 1), perTensor(random), null);
    SlidingWindow window = new SlidingWindow(1, 1, 1, 1, 1, 1, Padding.VALID);
    return Requantizer.of(new Operator.Conv2d(in, weights, null, out, window, activation));
  }

  @Property(tries = 50, seed = "8")
  void sumsBeyondAFloatsIntegers_areLeftToThePlainPath(@ForAll Random random) {
    Quantization input = perTensor(random);
    ExactSums sums = new ExactSums(input, 1);
    for (int i = 0; i < 1100; i++) {
      sums.add(0, LARGEST_WEIGHT);
    }
    int largest = Math.max(input.zeroPoint() + 128, 127 - input.zeroPoint());
    assertEquals(1100L * LARGEST_WEIGHT * largest < 1 << 24, sums.areExact());
    assertTrue(sums.largest(0) >= 1100L * LARGEST_WEIGHT * 127 / 2);
  }
}
