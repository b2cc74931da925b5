package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Weights and biases as the plain kernels read them: [input][output] in one array, so that the
 * innermost loop runs over output channels, which lie side by side. The weights' zero point is
 * subtracted already. Immutable.
 */
final class WeightMatrix {
  private final int outputs;
  private final int[] weights;
  private final int[] bias;

  private WeightMatrix(int outputs, int[] weights, int[] bias) {
    this.outputs = outputs;
    this.weights = weights;
    this.bias = bias;
  }

  /** From a file's [output][inputs...]. */
  static WeightMatrix transposed(Tensor tensor, @Nullable Tensor bias, int outputs) {
    byte[] values = tensor.weightValues();
    int zeroPoint = tensor.requireQuantization().zeroPoint();
    int inputs = values.length / outputs;
    int[] weights = new int[values.length];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        weights[i * outputs + o] = values[o * inputs + i] - zeroPoint;
      }
    }
    return new WeightMatrix(outputs, weights, Tensor.biases(bias, outputs));
  }

  /** From a file's [taps...][output]. */
  static WeightMatrix asStored(Tensor tensor, @Nullable Tensor bias, int outputs) {
    byte[] values = tensor.weightValues();
    int[] weights = new int[values.length];
    Arrays.setAll(weights, i -> values[i]);
    return new WeightMatrix(outputs, weights, Tensor.biases(bias, outputs));
  }

  int outputs() {
    return outputs;
  }

  /** {@code sums[o] = bias[o]}. */
  void start(int[] sums) {
    System.arraycopy(bias, 0, sums, 0, outputs);
  }

  /** {@code sums[o] += (input[from + i] - zeroPoint) * weight[row + i][o]} for {@code count} i. */
  void addProducts(byte[] input, int from, int count, int zeroPoint, int row, int[] sums) {
    for (int i = 0; i < count; i++) {
      int value = input[from + i] - zeroPoint;
      int at = (row + i) * outputs;
      for (int o = 0; o < outputs; o++) {
        sums[o] += value * weights[at + o];
      }
    }
  }

  /**
   * The same for a window that has each channel by itself: {@code sums[c * m + q] += (input[from +
   * c] - zeroPoint) * weight[row][c * m + q]}, m being {@code multiplier}.
   */
  void addOneEach(byte[] input, int from, int multiplier, int zeroPoint, int row, int[] sums) {
    int at = row * outputs;
    for (int o = 0; o < outputs; o++) {
      sums[o] += (input[from + o / multiplier] - zeroPoint) * weights[at + o];
    }
  }
}
