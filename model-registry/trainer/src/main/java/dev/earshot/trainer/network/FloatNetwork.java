package dev.earshot.trainer.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The trained network in floating point, batch normalization folded into the weights. Plain loops:
 * for calibration and tests, not for speed.
 *
 * @param blocks in order
 * @param output the fully connected layer
 */
public record FloatNetwork(List<Block> blocks, Dense output) {
  public FloatNetwork {
    blocks = List.copyOf(blocks);
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
   * The last layer.
   *
   * @param weights [classes][inputs]
   * @param bias [classes]
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
    return "FloatNetwork" + Arrays.toString(blocks.stream().mapToInt(Block::outputs).toArray());
  }
}
