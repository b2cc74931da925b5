package dev.earshot.ndp.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.Execution;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.MlperfTiny;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.ndp.tflite.ModelFile;
import dev.earshot.ndp.tflite.TfliteReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Leaving out the channels that never change, in networks where many do not. */
class LiveChannelsTest {
  /** Writes a random network, layer by layer. */
  private static final class Network {
    private final Random random;
    private final ModelFile file = new ModelFile();
    private final int side;
    private int last;
    private int channels;

    Network(Random random) {
      this.random = random;
      side = 3 + random.nextInt(4);
      channels = 1 + random.nextInt(6);
    }

    Graph graph() throws ModelFormatException {
      int input = activation(side, channels);
      last = input;
      int blocks = 1 + random.nextInt(4);
      for (int block = 0; block < blocks; block++) {
        convolution(random.nextInt(3) == 0 ? 3 : 1, 1 + random.nextInt(40));
        if (random.nextBoolean()) {
          depthwise();
        }
      }
      if (random.nextBoolean()) {
        pool();
        convolution(1, 7);
      }
      return TfliteReader.read(file.build(new int[] {input}, new int[] {last}));
    }

    private int zeroPoint;
    private float scale;
    private int size;

    private int activation(int side, int channels) {
      zeroPoint = random.nextBoolean() ? -128 : random.nextInt(256) - 128;
      scale = 0.05f + random.nextFloat();
      size = side;
      return file.activation("a", scale, zeroPoint, 1, side, side, channels);
    }

    private void convolution(int window, int outputs) {
      int inputs = channels;
      byte[] values = new byte[outputs * window * window * inputs];
      for (int i = 0; i < values.length; i++) {
        values[i] = (byte) random.nextInt();
      }
      int perOutput = values.length / outputs;
      for (int o = 0; o < outputs; o++) {
        if (random.nextInt(3) > 0) {
          Arrays.fill(values, o * perOutput, (o + 1) * perOutput, (byte) 0);
        }
      }
      int weights = file.weights("w", values, 0, scales(outputs), outputs, window, window, inputs);
      int bias = file.bias("b", biases(outputs));
      int from = last;
      int to = activation(size, outputs);
      file.conv(0, 1, 1, random.nextInt(4), new int[] {from, weights, bias}, to);
      last = to;
      channels = outputs;
    }

    private void depthwise() {
      byte[] values = new byte[9 * channels];
      random.nextBytes(values);
      for (int c = 0; c < channels; c++) {
        if (random.nextInt(4) == 0) {
          for (int tap = 0; tap < 9; tap++) {
            values[tap * channels + c] = 0;
          }
        }
      }
      int weights = file.weights("w", values, 3, scales(channels), 1, 3, 3, channels);
      int bias = file.bias("b", biases(channels));
      int from = last;
      int to = activation(size, channels);
      file.depthwise(0, 1, 1, random.nextInt(4), new int[] {from, weights, bias}, to);
      last = to;
    }

    private void pool() {
      int to = file.activation("p", scale, zeroPoint, 1, 1, 1, channels);
      file.averagePool(1, 1, size, random.nextInt(4), last, to);
      size = 1;
      last = to;
    }

    private float[] scales(int count) {
      float[] scales = new float[count];
      for (int i = 0; i < count; i++) {
        scales[i] = (float) Math.pow(2, -9 + 8 * random.nextDouble());
      }
      return scales;
    }

    /** Some of them so that what never changes is the zero point, some not. */
    private int[] biases(int count) {
      int[] biases = random.ints(count, -3000, 3000).toArray();
      for (int i = 0; i < count; i++) {
        biases[i] = random.nextInt(3) == 0 ? 0 : biases[i];
      }
      return biases;
    }
  }

  @Property(tries = 500, seed = "11")
  void networkWithoutThem_givesTheSameBits(@ForAll Random random) throws ModelFormatException {
    Graph graph = new Network(random).graph();
    byte[] input = new byte[graph.input().shape().elements()];
    random.nextBytes(input);
    byte[] expected = inference(graph, Execution.PLAIN).run(input);
    // By the plain kernels too: what is left out is a matter of graphs.
    assertArrayEquals(expected, inference(LiveChannels.of(graph), Execution.PLAIN).run(input));
    for (Execution execution : Execution.possible()) {
      assertArrayEquals(expected, inference(graph, execution).run(input));
    }
  }

  private static Inference inference(Graph graph, Execution execution) {
    return NdpModel.of(graph, Rounding.TFLITE_2_20, execution).newInference();
  }

  @Test
  void personDetection_needsSixInTenOfItsProducts() throws IOException {
    Graph graph = TfliteReader.read(MlperfTiny.model("vww_96_int8"));
    assertTrue(10 * macs(LiveChannels.of(graph)) < 6 * macs(graph));
  }

  @Test
  void networkWhereEveryChannelChanges_staysAsItIs() throws IOException {
    Graph graph = TfliteReader.read(MlperfTiny.model("kws_ref_model"));
    assertSame(graph, LiveChannels.of(graph));
  }

  private static long macs(Graph graph) {
    return graph.operators().stream().mapToLong(Operator::macs).sum();
  }
}
