package dev.earshot.ndp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.ndp.tflite.ModelFile;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * A model with packed int4 weights gives, bit for bit, what the same values give as int8: the
 * operators are the same (and held against their definitions elsewhere), only storage differs. That
 * is TensorFlow Lite's own definition of int4 weights: its kernels unpack them to int8 first.
 */
class Int4WeightsTest {
  @Property(tries = 200, seed = "7")
  void denseLayer_givesTheBitsOfItsInt8Twin(
      @ForAll Random random, @ForAll boolean perChannel, @ForAll Rounding rounding)
      throws ModelFormatException {
    int inputs = 1 + random.nextInt(67);
    int outputs = 1 + random.nextInt(9);
    byte[] values = nibbles(random, inputs * outputs);
    float[] scales = scales(random, perChannel ? outputs : 1);
    byte[] input = bytes(random, inputs);
    byte[][] answers = new byte[2][];
    for (int bits = 0; bits < 2; bits++) {
      ModelFile file = new ModelFile();
      int in = file.activation("in", 0.5f, 3, 1, inputs);
      int weights = weights(file, bits == 0, values, 0, scales, outputs, inputs);
      int bias = file.bias("b", new int[outputs]);
      int out = file.activation("out", 0.25f * inputs, -5, 1, outputs);
      file.fullyConnected(1, new int[] {in, weights, bias}, out);
      answers[bits] = run(file.build(new int[] {in}, new int[] {out}), rounding, input);
    }
    assertArrayEquals(answers[1], answers[0]);
  }

  @Property(tries = 200, seed = "8")
  void convolution_givesTheBitsOfItsInt8Twin(
      @ForAll Random random,
      @ForAll boolean depthwise,
      @ForAll @IntRange(min = 1, max = 3) int size)
      throws ModelFormatException {
    int channels = 1 + random.nextInt(5);
    int outputs = depthwise ? channels : 1 + random.nextInt(6);
    int[] shape =
        depthwise ? new int[] {1, size, size, channels} : new int[] {outputs, size, size, channels};
    byte[] values = nibbles(random, shape[0] * size * size * channels);
    float[] scales = scales(random, outputs);
    byte[] input = bytes(random, 5 * 5 * channels);
    byte[][] answers = new byte[2][];
    for (int bits = 0; bits < 2; bits++) {
      ModelFile file = new ModelFile();
      int in = file.activation("in", 0.5f, 3, 1, 5, 5, channels);
      int weights = weights(file, bits == 0, values, depthwise ? 3 : 0, scales, shape);
      int out = file.activation("out", 2, -5, 1, 5, 5, outputs);
      int[] operands = {in, weights};
      if (depthwise) {
        file.depthwise(0, 1, 1, 0, operands, out);
      } else {
        file.conv(0, 1, 1, 0, operands, out);
      }
      answers[bits] = run(file.build(new int[] {in}, new int[] {out}), Rounding.TFLITE_2_20, input);
    }
    assertArrayEquals(answers[1], answers[0]);
  }

  @Test
  void denseLayer_givesWhatItsDefinitionGives() throws ModelFormatException {
    ModelFile file = new ModelFile();
    int in = file.activation("in", 0.5f, 3, 1, 3);
    int weights = file.weights4("w", new byte[] {-8, 7, 1, -1, 0, 5}, 0, new float[] {1}, 2, 3);
    int bias = file.bias("b", 10, -20);
    int out = file.activation("out", 2, 1, 1, 2);
    file.fullyConnected(0, new int[] {in, weights, bias}, out);
    byte[] model = file.build(new int[] {in}, new int[] {out});

    // (13 - 3, 23 - 3, -7 - 3) = (10, 20, -10); -80 + 140 - 10 + 10 = 60; -10 + 0 - 50 - 20 = -80;
    // times 0.5 * 1 / 2, plus 1.
    assertArrayEquals(
        new byte[] {16, -19}, run(model, Rounding.TFLITE_2_20, new byte[] {13, 23, -7}));
    // Six weights in three bytes, two biases in eight.
    assertEquals(11, NdpModel.parse(model).summary().weightBytes());
    assertEquals(8, NdpModel.parse(model).summary().parameters());
  }

  private static byte[] run(byte[] model, Rounding rounding, byte[] input)
      throws ModelFormatException {
    byte[] plain = NdpModel.parse(model, rounding, Execution.PLAIN).newInference().run(input);
    for (Execution execution : Execution.possible()) {
      assertArrayEquals(
          plain, NdpModel.parse(model, rounding, execution).newInference().run(input));
    }
    return plain;
  }

  private static int weights(
      ModelFile file, boolean int4, byte[] values, int axis, float[] scales, int... shape) {
    return int4
        ? file.weights4("w", values, axis, scales, shape)
        : file.weights("w", values, axis, scales, shape);
  }

  private static byte[] nibbles(Random random, int length) {
    byte[] values = bytes(random, length);
    for (int i = 0; i < length; i++) {
      values[i] >>= 4;
    }
    return values;
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static float[] scales(Random random, int count) {
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      scales[i] = 0.01f + random.nextFloat();
    }
    return scales;
  }
}
