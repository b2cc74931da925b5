package dev.earshot.trainer.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * The trained network in floating point, batch normalization folded into the weights. Plain loops:
 * for calibration and tests, not for speed.
 *
 * @param blocks of convolutions, in order; may be none
 * @param hidden fully connected layers with ReLU after them, in order; may be none
 * @param output the last fully connected layer
 */
public record FloatNetwork(List<Block> blocks, List<Dense> hidden, Dense output) {
  public FloatNetwork {
    blocks = List.copyOf(blocks);
    hidden = List.copyOf(hidden);
  }

  /** A network of convolutions. */
  public FloatNetwork(List<Block> blocks, Dense output) {
    this(blocks, List.of(), output);
  }

  /**
   * A network that has learned nothing: its weights are random, in a range that keeps activations
   * in the size of the features. For what depends on layers alone, and for tests.
   */
  public static FloatNetwork untrained(Architecture architecture, RandomGenerator random) {
    List<Block> blocks = new ArrayList<>();
    List<Dense> hidden = new ArrayList<>();
    int inputs = Architecture.BINS;
    switch (architecture) {
      case Architecture.Convolutional convolutional -> {
        for (Architecture.Block block : convolutional.blocks()) {
          blocks.add(
              new Block(
                  block.time(),
                  uniform(random, block.time() * inputs, block.time()),
                  uniform(random, inputs, inputs),
                  uniform(random, block.channels() * inputs, inputs),
                  uniform(random, block.channels(), inputs)));
          inputs = block.channels();
        }
      }
      case Architecture.FullyConnected fullyConnected -> {
        inputs *= architecture.frames();
        for (int outputs : fullyConnected.hidden()) {
          hidden.add(dense(random, inputs, outputs));
          inputs = outputs;
        }
      }
    }
    return new FloatNetwork(blocks, hidden, dense(random, inputs, Architecture.CLASSES));
  }

  private static Dense dense(RandomGenerator random, int inputs, int outputs) {
    return new Dense(uniform(random, inputs * outputs, inputs), uniform(random, outputs, inputs));
  }

  /** He et al. (2015): uniform within the square root of 6 / inputs. */
  private static float[] uniform(RandomGenerator random, int count, int inputs) {
    double range = Math.sqrt(6.0 / inputs);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (range * (2 * random.nextDouble() - 1));
    }
    return values;
  }

  /** Frames of the input window. */
  public int frames() {
    if (blocks.isEmpty()) {
      return (hidden.isEmpty() ? output : hidden.getFirst()).inputs() / Architecture.BINS;
    }
    return 1 + blocks.stream().mapToInt(block -> block.time() - 1).sum();
  }

  /** The same network with all logits divided by {@code temperature}. */
  public FloatNetwork cooled(double temperature) {
    return new FloatNetwork(blocks, hidden, output.cooled(temperature));
  }

  /**
   * One depthwise convolution and one pointwise with ReLU.
   *
   * @param time length of the depthwise kernel
   * @param depthwise weights [time][inputs]
   * @param depthwiseBias [inputs]
   * @param pointwise weights [outputs][inputs]
   * @param pointwiseBias [outputs]
   */
  @SuppressWarnings("ArrayRecordComponent") // weights, never compared
  public record Block(
      int time,
      float[] depthwise,
      float[] depthwiseBias,
      float[] pointwise,
      float[] pointwiseBias) {
    public int inputs() {
      return depthwiseBias.length;
    }

    public int outputs() {
      return pointwiseBias.length;
    }
  }

  /**
   * A fully connected layer.
   *
   * @param weights [outputs][inputs]
   * @param bias [outputs]
   */
  @SuppressWarnings("ArrayRecordComponent") // weights, never compared
  public record Dense(float[] weights, float[] bias) {
    public int inputs() {
      return weights.length / bias.length;
    }

    /** The same layer with all logits divided by {@code temperature}. */
    public Dense cooled(double temperature) {
      float[] w = weights.clone();
      float[] b = bias.clone();
      for (int i = 0; i < w.length; i++) {
        w[i] /= (float) temperature;
      }
      for (int i = 0; i < b.length; i++) {
        b[i] /= (float) temperature;
      }
      return new Dense(w, b);
    }
  }

  /** The names of the activations that {@link #logits} shows, in order. */
  public List<String> activations() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      names.add("depthwise" + i);
      names.add("pointwise" + i);
    }
    for (int i = 0; i < hidden.size(); i++) {
      names.add("hidden" + i);
    }
    names.add("logits");
    return names;
  }

  /**
   * One window through the network, without the softmax.
   *
   * @param window [frames][bins]
   * @param observer sees the name and the values of each activation as it is made
   */
  public float[] logits(float[] window, BiConsumer<String, float[]> observer) {
    float[] x = window;
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      x = depthwise(block, x);
      observer.accept("depthwise" + i, x);
      x = dense(x, block.pointwise(), block.pointwiseBias(), block.inputs(), true);
      observer.accept("pointwise" + i, x);
    }
    for (int i = 0; i < hidden.size(); i++) {
      Dense layer = hidden.get(i);
      x = dense(x, layer.weights(), layer.bias(), layer.inputs(), true);
      observer.accept("hidden" + i, x);
    }
    float[] logits = dense(x, output.weights(), output.bias(), output.inputs(), false);
    observer.accept("logits", logits);
    return logits;
  }

  /** Softmax of {@link #logits}. */
  public float[] probabilities(float[] window) {
    float[] y = logits(window, (name, values) -> {});
    float max = Float.NEGATIVE_INFINITY;
    for (float v : y) {
      max = Math.max(max, v);
    }
    float sum = 0;
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) Math.exp(y[i] - max);
      sum += y[i];
    }
    for (int i = 0; i < y.length; i++) {
      y[i] /= sum;
    }
    return y;
  }

  private static float[] depthwise(Block block, float[] x) {
    int channels = block.inputs();
    int frames = x.length / channels - block.time() + 1;
    float[] y = new float[frames * channels];
    for (int t = 0; t < frames; t++) {
      for (int c = 0; c < channels; c++) {
        float sum = block.depthwiseBias()[c];
        for (int k = 0; k < block.time(); k++) {
          sum += x[(t + k) * channels + c] * block.depthwise()[k * channels + c];
        }
        y[t * channels + c] = sum;
      }
    }
    return y;
  }

  private static float[] dense(float[] x, float[] weights, float[] bias, int inputs, boolean relu) {
    int outputs = bias.length;
    int frames = x.length / inputs;
    float[] y = new float[frames * outputs];
    for (int t = 0; t < frames; t++) {
      for (int o = 0; o < outputs; o++) {
        float sum = bias[o];
        for (int c = 0; c < inputs; c++) {
          sum += x[t * inputs + c] * weights[o * inputs + c];
        }
        y[t * outputs + o] = relu ? Math.max(0, sum) : sum;
      }
    }
    return y;
  }

  @Override
  public String toString() {
    return "FloatNetwork"
        + Arrays.toString(blocks.stream().mapToInt(Block::outputs).toArray())
        + Arrays.toString(hidden.stream().mapToInt(layer -> layer.bias().length).toArray());
  }
}
