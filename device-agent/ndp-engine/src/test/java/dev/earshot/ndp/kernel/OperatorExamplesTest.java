package dev.earshot.ndp.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.tflite.ModelFile;
import dev.earshot.ndp.tflite.TfliteReader;
import org.junit.jupiter.api.Test;

/** Each small operator on a few numbers that a person can follow. */
class OperatorExamplesTest {
  private final ModelFile file = new ModelFile();

  private byte[] run(int input, int output, int... values) throws ModelFormatException {
    Graph graph = TfliteReader.read(file.build(new int[] {input}, new int[] {output}));
    byte[] in = bytes(values);
    byte[] out = new byte[graph.output().shape().elements()];
    new PlainProgram(graph, Rounding.TFLITE_2_20).newRunner().run(in, 0, out, 0);
    return out;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void maxPool_looksInsideTheImageOnly() throws ModelFormatException {
    int in = file.activation("in", 1, 0, 1, 3, 3, 1);
    int out = file.activation("out", 1, 0, 1, 2, 2, 1);
    // SAME, stride 2, window 2: the windows at the right and below hang over the border.
    file.numbered(17, 5, new int[] {0, 2, 2, 2, 2, 0}, out, in);
    assertArrayEquals(bytes(-1, -3, -7, -9), run(in, out, -1, -2, -3, -4, -5, -6, -7, -8, -9));
  }

  @Test
  void mul_byAConstantPerChannel_scalesEach() throws ModelFormatException {
    int in = file.activation("in", 0.5f, 1, 1, 2, 2);
    int constant = file.weights("c", bytes(2, -4), 0, new float[] {0.25f}, 2);
    int out = file.activation("out", 0.125f, 10, 1, 2, 2);
    file.numbered(18, 21, new int[0], out, in, constant);
    // (3 - 1) * 0.5 * 2 * 0.25 = 0.5, which is 4 steps of 0.125 above 10.
    assertArrayEquals(bytes(14, 2, 10, 10 - 128), run(in, out, 3, 3, 1, 33));
  }

  @Test
  void add_ofAnActivationThatRepeats_addsItEverywhere() throws ModelFormatException {
    int in = file.activation("in", 1, 0, 1, 2, 2);
    int axes = file.bias("axes", 1);
    int mean = file.activation("mean", 1, 0, 1, 1, 2);
    file.numbered(40, 27, new int[] {1}, mean, in, axes);
    int out = file.activation("out", 1, 0, 1, 2, 2);
    file.add(0, in, mean, out);
    assertArrayEquals(bytes(1 + 2, 10 + 15, 3 + 2, 20 + 15), run(in, out, 1, 10, 3, 20));
  }

  @Test
  void logistic_isAHalfAtZeroAndSaturates() throws ModelFormatException {
    int in = file.activation("in", 0.1f, 5, 1, 4);
    int out = file.activation("out", 1 / 256f, -128, 1, 4);
    file.plain(14, out, in);
    // 1 / (1 + exp(-1)) * 256 = 187.2
    assertArrayEquals(bytes(0, 187 - 128, 127, -128), run(in, out, 5, 15, 127, -128));
  }

  @Test
  void relu6_clampsInTheScaleOfItsOutput() throws ModelFormatException {
    int in = file.activation("in", 0.1f, 0, 1, 4);
    int out = file.activation("out", 0.05f, -128, 1, 4);
    file.plain(21, out, in);
    assertArrayEquals(bytes(-128, -68, -8, -8), run(in, out, -20, 30, 60, 127));
  }

  @Test
  void quantize_roundsHalvesUpWhenItHalves() throws ModelFormatException {
    int in = file.activation("in", 1, 0, 1, 4);
    int out = file.activation("out", 2, 0, 1, 4);
    file.plain(114, out, in);
    // Gemmlowp's first rounding takes halves up; only its second takes them away from zero.
    assertArrayEquals(bytes(2, -1, 2, -64), run(in, out, 3, -3, 4, -128));
  }

  @Test
  void pad_surroundsByTheZeroPoint() throws ModelFormatException {
    int in = file.activation("in", 1, 9, 1, 2);
    int paddings = file.bias("p", 0, 0, 2, 1);
    int out = file.activation("out", 1, 9, 1, 5);
    file.plain(34, out, in, paddings);
    assertArrayEquals(bytes(9, 9, 1, 2, 9), run(in, out, 1, 2));
  }

  @Test
  void mean_roundsToTheNearest() throws ModelFormatException {
    int in = file.activation("in", 1, 0, 1, 2, 2, 1);
    int axes = file.bias("axes", 1, -2);
    int out = file.activation("out", 0.5f, -10, 1, 1);
    file.plain(40, out, in, axes);
    // 11 / 4 = 2.75 in steps of 0.5: 5.5, and -10.
    assertArrayEquals(bytes(6 - 10), run(in, out, 1, 2, 3, 5));
  }

  @Test
  void concatenation_alongTheLastDimension_interleavesRows() throws ModelFormatException {
    int in = file.activation("in", 1, 0, 1, 2, 2);
    int constant = file.weights("c", bytes(7, 8), 0, new float[] {1}, 1, 2, 1);
    int out = file.activation("out", 1, 0, 1, 2, 3);
    file.numbered(2, 10, new int[] {-1}, out, in, constant);
    assertArrayEquals(bytes(1, 2, 7, 3, 4, 8), run(in, out, 1, 2, 3, 4));
  }

  @Test
  void stridedSlice_goesBackwardsAndShrinks() throws ModelFormatException {
    int in = file.activation("in", 1, 0, 2, 4);
    int begin = file.bias("b", -1, 3);
    int end = file.bias("e", 0, -9);
    int strides = file.bias("s", 1, -2);
    int out = file.activation("out", 1, 0, 2);
    file.numbered(45, 32, new int[] {0, 0, 0, 0, 1}, out, in, begin, end, strides);
    assertArrayEquals(bytes(8, 6), run(in, out, 1, 2, 3, 4, 5, 6, 7, 8));
  }
}
