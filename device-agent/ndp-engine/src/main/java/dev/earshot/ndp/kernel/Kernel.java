package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;

/**
 * One operator, prepared for running on int8 activations: immutable and shared by all threads. What
 * changes while it runs lives in the {@link Workspace} of the calling thread. Runs allocate
 * nothing.
 */
public sealed interface Kernel
    permits AddKernel,
        AveragePoolKernel,
        ConvolutionKernel,
        DepthwiseKernel,
        FullyConnectedKernel,
        SoftmaxKernel {

  /** Reads its input activations from the workspace and writes its output there. */
  void run(Workspace workspace);

  /** Length of the rows that it accumulates, for the workspace's shared accumulators. */
  int accumulators();

  /** The kernel of an operator, with its activations in these slots. */
  static Kernel of(Operator operator, Rounding rounding, Slots slots) {
    return switch (operator) {
      case Operator.Conv2d conv -> new ConvolutionKernel(conv, slots);
      case Operator.DepthwiseConv2d conv -> new DepthwiseKernel(conv, slots);
      case Operator.FullyConnected dense -> new FullyConnectedKernel(dense, rounding, slots);
      case Operator.Softmax softmax -> new SoftmaxKernel(softmax, slots);
      case Operator.AveragePool2d pool -> new AveragePoolKernel(pool, slots);
      case Operator.Add add -> new AddKernel(add, slots);
      case Operator.Reshape reshape ->
          throw new IllegalArgumentException(reshape.kind() + " moves nothing and has no kernel");
    };
  }
}
