package dev.earshot.ndp.differential;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.earshot.ndp.Execution;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.ndp.tflite.ModelFile;
import dev.earshot.tflite.TfLite;
import dev.earshot.tflite.TfLiteInterpreter;
import dev.earshot.tflite.TfLiteKernels;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packed int4 weights against TensorFlow Lite's reference kernels, bit for bit. */
class Int4ModelsTest {
  private static final int MODELS = Integer.getInteger("earshot.differential.models", 150);
  private static final int SIDE = 5;

  /** Whose weights they are. */
  private enum Layer {
    DENSE,
    CONVOLUTION,
    DEPTHWISE
  }

  @ParameterizedTest
  @EnumSource
  void int4Weights_giveTheBitsOfTheReference(Layer layer) throws ModelFormatException {
    TfLite library = RealTfLite.library();
    for (int seed = 0; seed < MODELS; seed++) {
      Random random = new Random(seed);
      byte[] file = file(layer, random);
      try (TfLiteInterpreter reference = library.interpreter(file, TfLiteKernels.REFERENCE)) {
        byte[] input = new byte[reference.inputBytes()];
        random.nextBytes(input);
        byte[] expected = reference.invoke(input);
        for (Execution execution : Execution.possible()) {
          NdpModel model = NdpModel.parse(file, Rounding.TFLITE_2_20, execution);
          assertArrayEquals(
              expected, model.newInference().run(input), execution + ", seed " + seed);
        }
      }
    }
  }

  private static byte[] file(Layer layer, Random random) {
    int inputs = 1 + random.nextInt(20);
    int outputs = layer == Layer.DEPTHWISE ? inputs : 1 + random.nextInt(20);
    int window = layer == Layer.DENSE ? 1 : 1 + random.nextInt(3);
    int[] shape =
        switch (layer) {
          case DENSE -> new int[] {outputs, inputs};
          case CONVOLUTION -> new int[] {outputs, window, window, inputs};
          case DEPTHWISE -> new int[] {1, window, window, inputs};
        };
    float[] scales = new float[outputs];
    for (int o = 0; o < outputs; o++) {
      scales[o] = 0.01f + random.nextFloat();
    }
    int inputZero = random.nextInt(256) - 128;
    int outputZero = random.nextInt(256) - 128;
    float outputScale = (0.5f + random.nextFloat()) * window * (float) Math.sqrt(inputs);
    ModelFile file = new ModelFile();
    int in =
        layer == Layer.DENSE
            ? file.activation("in", 0.1f, inputZero, 1, inputs)
            : file.activation("in", 0.1f, inputZero, 1, SIDE, SIDE, inputs);
    int weights =
        file.weights4("w", nibbles(random, shape), layer == Layer.DEPTHWISE ? 3 : 0, scales, shape);
    // Of a dense layer it would need a scale of its own.
    int bias =
        layer == Layer.DENSE ? -1 : file.bias("b", random.ints(outputs, -500, 500).toArray());
    int[] operands = {in, weights, bias};
    int out =
        layer == Layer.DENSE
            ? file.activation("out", outputScale, outputZero, 1, outputs)
            : file.activation("out", outputScale, outputZero, 1, SIDE, SIDE, outputs);
    switch (layer) {
      case DENSE -> file.fullyConnected(0, operands, out);
      case CONVOLUTION -> file.conv(0, 1, 1, 0, operands, out);
      case DEPTHWISE -> file.depthwise(0, 1, 1, 0, operands, out);
    }
    return file.build(new int[] {in}, new int[] {out});
  }

  private static byte[] nibbles(Random random, int... shape) {
    int count = 1;
    for (int dimension : shape) {
      count *= dimension;
    }
    byte[] values = new byte[count];
    for (int i = 0; i < count; i++) {
      values[i] = (byte) (random.nextInt(16) - 8);
    }
    return values;
  }
}
