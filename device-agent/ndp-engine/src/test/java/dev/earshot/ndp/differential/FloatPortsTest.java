package dev.earshot.ndp.differential;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.tflite.TfLite;
import dev.earshot.tflite.TfLiteInterpreter;
import dev.earshot.tflite.TfLiteKernels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Models with float32 ports: what TensorFlow Lite does at them, the caller does outside. */
class FloatPortsTest {
  private static final int MODELS = 100;

  @Test
  void floatPorts_giveTheBitsOfTheReference() throws ModelFormatException {
    TfLite library = RealTfLite.library();
    for (int seed = 0; seed < MODELS; seed++) {
      RandomModel drawn = RandomModel.chainWithFloatPorts(seed);
      byte[] file = drawn.file();
      NdpModel model = NdpModel.parse(file);
      float[] input = values(model, new SplittableRandom(seed));
      try (TfLiteInterpreter reference = library.interpreter(file, TfLiteKernels.REFERENCE)) {
        assertArrayEquals(reals(reference, input), run(model, input), drawn.story());
      }
    }
  }

  /** Some between the steps of the input's scale, some on a tie, some outside of its range. */
  private static float[] values(NdpModel model, SplittableRandom random) {
    float[] values = new float[model.inputElements()];
    float scale = model.input().requireQuantization().scale();
    for (int i = 0; i < values.length; i++) {
      values[i] =
          random.nextBoolean()
              ? scale * (random.nextFloat() * 600 - 300)
              : scale * (random.nextInt(512) - 256 + 0.5f);
    }
    return values;
  }

  private static float[] run(NdpModel model, float[] input) {
    byte[] quantized = new byte[input.length];
    for (int i = 0; i < input.length; i++) {
      quantized[i] = model.input().requireQuantization().quantize(input[i]);
    }
    byte[] output = model.newInference().run(quantized);
    float[] reals = new float[output.length];
    for (int i = 0; i < output.length; i++) {
      reals[i] = model.output().requireQuantization().dequantize(output[i]);
    }
    return reals;
  }

  private static float[] reals(TfLiteInterpreter reference, float[] input) {
    ByteBuffer in = ByteBuffer.allocate(reference.inputBytes()).order(ByteOrder.LITTLE_ENDIAN);
    in.asFloatBuffer().put(input);
    byte[] out = reference.invoke(in.array());
    float[] reals = new float[out.length / Float.BYTES];
    ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(reals);
    return reals;
  }
}
