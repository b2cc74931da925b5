package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;

/**
 * FULLY_CONNECTED.
 *
 * <p>Layout: the input is rows of {@code depth} elements, the output rows of one element for each
 * output; weights [output, depth] in the file, [depth][output] here.
 *
 * <p>Formula, for row r and output o:
 *
 * <pre>
 * acc = bias[o] + sum over i of
 *       (input[r, i] - inputZeroPoint) * (weight[o, i] - weightZeroPoint)
 * output = clamp(outputZeroPoint + round(acc * inputScale * weightScale[o] / outputScale))
 * </pre>
 *
 * <p>The sum is an int32. How it is rounded is where the two {@link Rounding}s differ; rounding and
 * saturation are the {@link Requantizer}'s.
 */
final class FullyConnectedKernel implements Kernel {
  private final int inputSlot;
  private final int outputSlot;
  private final int rows;
  private final int depth;
  private final int inputZeroPoint;
  private final WeightMatrix weights;
  private final Requantizer requantizer;

  FullyConnectedKernel(Operator.FullyConnected dense, Rounding rounding, Slots slots) {
    int outputs = dense.weights().shape().dimension(0);
    inputSlot = slots.of(dense.input());
    outputSlot = slots.of(dense.output());
    depth = dense.weights().shape().dimension(1);
    rows = dense.input().shape().elements() / depth;
    inputZeroPoint = dense.input().requireQuantization().zeroPoint();
    weights = WeightMatrix.transposed(dense.weights(), dense.bias(), outputs);
    requantizer = Requantizer.of(dense, rounding);
  }

  @Override
  public int accumulators() {
    return weights.outputs();
  }

  @Override
  public void run(Workspace workspace) {
    byte[] input = workspace.activation(inputSlot);
    byte[] output = workspace.activation(outputSlot);
    int at = 0;
    for (int row = 0; row < rows; row++) {
      weights.start(workspace.sums);
      weights.addProducts(input, row * depth, depth, inputZeroPoint, 0, workspace.sums);
      for (int o = 0; o < weights.outputs(); o++) {
        output[at++] = (byte) requantizer.requantize(workspace.sums[o], o);
      }
    }
  }
}
