package dev.earshot.ndp.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.earshot.ndp.Execution;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Padding;
import dev.earshot.ndp.tflite.ModelFile;
import dev.earshot.ndp.tflite.TfliteReader;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Kernels against plain definitions, over geometries that the reference models do not have. */
class KernelPropertiesTest {
  /** A random image operator: the geometry that all of them share. */
  private static final class Geometry {
    final int height;
    final int width;
    final int channels;
    final int window;
    final int stride;
    final int dilation;
    final Padding padding;
    final int activation;
    final float inputScale;
    final float outputScale;
    final int inputZero;
    final int outputZero;

    Geometry(Random random, boolean dilated) {
      window = 1 + random.nextInt(4);
      stride = 1 + random.nextInt(3);
      dilation = dilated ? 1 + random.nextInt(2) : 1;
      int reach = (window - 1) * dilation + 1;
      padding = random.nextBoolean() ? Padding.SAME : Padding.VALID;
      height = reach + random.nextInt(6);
      width = reach + random.nextInt(6);
      channels = 1 + random.nextInt(random.nextBoolean() ? 3 : 20);
      activation = random.nextInt(4);
      inputScale = 0.01f + random.nextFloat();
      outputScale = 0.01f + random.nextFloat() * window * channels;
      inputZero = random.nextInt(256) - 128;
      outputZero = random.nextInt(256) - 128;
    }

    /** As in the file format. */
    int paddingCode() {
      return padding == Padding.SAME ? 0 : 1;
    }

    int output(int input) {
      return padding.outputSize(input, window, stride, dilation);
    }
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static float[] scales(Random random, int count) {
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      // Over several powers of two, so that both ways of requantizing are taken.
      scales[i] = (float) Math.pow(2, -9 + 8 * random.nextDouble());
    }
    return scales;
  }

  private static int[] biases(Random random, int count) {
    return random.ints(count, -5000, 5000).toArray();
  }

  /** In every way, all of which must agree. */
  private static byte[] run(Graph graph, byte[] input) {
    byte[] plain = run(graph, input, Execution.PLAIN);
    for (Execution execution : Execution.possible()) {
      assertArrayEquals(plain, run(graph, input, execution), execution.toString());
    }
    return plain;
  }

  private static byte[] run(Graph graph, byte[] input, Execution execution) {
    return NdpModel.of(graph, Rounding.TFLITE_2_20, execution).newInference().run(input);
  }

  @Property(tries = 300, seed = "1")
  void conv_equalsItsDefinition(@ForAll Random random) throws ModelFormatException {
    Geometry g = new Geometry(random, true);
    int outputs = 1 + random.nextInt(20);
    ModelFile file = new ModelFile();
    int in = file.activation("in", g.inputScale, g.inputZero, 1, g.height, g.width, g.channels);
    byte[] kernel = bytes(random, outputs * g.window * g.window * g.channels);
    int weights =
        file.weights(
            "w",
            kernel,
            0,
            scales(random, random.nextBoolean() ? outputs : 1),
            outputs,
            g.window,
            g.window,
            g.channels);
    int bias = random.nextBoolean() ? file.bias("b", biases(random, outputs)) : -1;
    int out =
        file.activation(
            "out", g.outputScale, g.outputZero, 1, g.output(g.height), g.output(g.width), outputs);
    file.conv(
        g.paddingCode(), g.stride, g.dilation, g.activation, new int[] {in, weights, bias}, out);
    Graph graph = TfliteReader.read(file.build(new int[] {in}, new int[] {out}));
    byte[] input = bytes(random, graph.input().shape().elements());
    Operator.Conv2d conv = (Operator.Conv2d) graph.operators().getFirst();
    assertArrayEquals(NaiveReference.conv(conv, input), run(graph, input));
  }

  @Property(tries = 300, seed = "2")
  void depthwise_equalsItsDefinition(@ForAll Random random) throws ModelFormatException {
    Geometry g = new Geometry(random, true);
    int outputs = g.channels * (1 + random.nextInt(3));
    ModelFile file = new ModelFile();
    int in = file.activation("in", g.inputScale, g.inputZero, 1, g.height, g.width, g.channels);
    int weights =
        file.weights(
            "w",
            bytes(random, g.window * g.window * outputs),
            3,
            scales(random, outputs),
            1,
            g.window,
            g.window,
            outputs);
    int bias = file.bias("b", biases(random, outputs));
    int out =
        file.activation(
            "out", g.outputScale, g.outputZero, 1, g.output(g.height), g.output(g.width), outputs);
    file.depthwise(
        g.paddingCode(), g.stride, g.dilation, g.activation, new int[] {in, weights, bias}, out);
    Graph graph = TfliteReader.read(file.build(new int[] {in}, new int[] {out}));
    byte[] input = bytes(random, graph.input().shape().elements());
    Operator.DepthwiseConv2d conv = (Operator.DepthwiseConv2d) graph.operators().getFirst();
    assertArrayEquals(NaiveReference.depthwise(conv, input), run(graph, input));
  }

  @Property(tries = 300, seed = "3")
  void averagePool_equalsItsDefinition(@ForAll Random random) throws ModelFormatException {
    Geometry g = new Geometry(random, false);
    ModelFile file = new ModelFile();
    int in = file.activation("in", g.inputScale, g.inputZero, 1, g.height, g.width, g.channels);
    int out =
        file.activation(
            "out", g.inputScale, g.inputZero, 1, g.output(g.height), g.output(g.width), g.channels);
    file.averagePool(g.paddingCode(), g.stride, g.window, g.activation, in, out);
    Graph graph = TfliteReader.read(file.build(new int[] {in}, new int[] {out}));
    byte[] input = bytes(random, graph.input().shape().elements());
    Operator.AveragePool2d pool = (Operator.AveragePool2d) graph.operators().getFirst();
    assertArrayEquals(NaiveReference.averagePool(pool, input), run(graph, input));
  }

  @Property(tries = 200, seed = "4")
  void add_equalsItsDefinition(@ForAll Random random) throws ModelFormatException {
    ModelFile file = new ModelFile();
    int in = file.activation("in", 0.01f + random.nextFloat(), random.nextInt(256) - 128, 1, 40);
    int out = file.activation("out", 0.01f + random.nextFloat(), random.nextInt(256) - 128, 1, 40);
    file.add(random.nextInt(4), in, in, out);
    Graph graph = TfliteReader.read(file.build(new int[] {in}, new int[] {out}));
    byte[] input = bytes(random, 40);
    Operator.Add add = (Operator.Add) graph.operators().getFirst();
    assertArrayEquals(NaiveReference.add(add, input, input), run(graph, input));
  }

  /** The largest possible products, four times past what a float can add without error. */
  @Test
  void sumsBeyondFloatPrecision_stayExact() throws ModelFormatException {
    int depth = 2001;
    byte[] weights = new byte[2 * depth];
    byte[] input = new byte[depth];
    for (int i = 0; i < depth; i++) {
      weights[i] = -128;
      weights[depth + i] = (byte) (i % 2 == 0 ? 127 : -127);
      input[i] = (byte) (i % 3 == 0 ? 126 : 127);
    }
    ModelFile file = new ModelFile();
    int in = file.activation("in", 1, -128, 1, 1, 1, depth);
    int w = file.weights("w", weights, 0, new float[] {1, 1}, 2, 1, 1, depth);
    long sum = 0;
    for (int i = 0; i < depth; i++) {
      sum += (input[i] + 128L) * -128;
    }
    // The bias brings the first sum close to zero, so that every unit of it shows in the output.
    int bias = file.bias("b", (int) -sum + 17, 0);
    int out = file.activation("out", 1, 0, 1, 1, 1, 2);
    file.conv(1, 1, 1, 0, new int[] {in, w, bias}, out);
    Graph graph = TfliteReader.read(file.build(new int[] {in}, new int[] {out}));
    Operator.Conv2d conv = (Operator.Conv2d) graph.operators().getFirst();
    byte[] expected = NaiveReference.conv(conv, input);
    assertArrayEquals(new byte[] {17, expected[1]}, run(graph, input));
  }
}
