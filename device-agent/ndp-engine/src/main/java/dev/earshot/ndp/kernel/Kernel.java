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
        BroadcastKernel,
        ConcatenationKernel,
        ConvolutionKernel,
        DepthwiseKernel,
        FullyConnectedKernel,
        LookupKernel,
        MaxPoolKernel,
        MeanKernel,
        PadKernel,
        SoftmaxKernel,
        StridedSliceKernel {

  /** Reads its input activations from the workspace and writes its output there. */
  void run(Workspace workspace);

  /** Length of the rows that it accumulates, for the workspace's shared accumulators. */
  default int accumulators() {
    return 0;
  }

  /** The kernel of an operator, with its activations in these slots. */
  static Kernel of(Operator operator, Rounding rounding, Slots slots) {
    return switch (operator) {
      case Operator.Conv2d conv -> new ConvolutionKernel(conv, slots);
      case Operator.DepthwiseConv2d conv -> new DepthwiseKernel(conv, slots);
      case Operator.FullyConnected dense -> new FullyConnectedKernel(dense, rounding, slots);
      case Operator.Softmax softmax -> new SoftmaxKernel(softmax, slots);
      case Operator.AveragePool2d pool -> new AveragePoolKernel(pool, slots);
      case Operator.MaxPool2d pool -> new MaxPoolKernel(pool, slots);
      case Operator.Add add -> new AddKernel(add, slots);
      case Operator.BroadcastAdd add -> new BroadcastAddKernel(add, slots);
      case Operator.Mul mul -> new MulKernel(mul, slots);
      case Operator.Logistic logistic -> LookupKernel.of(logistic, slots);
      case Operator.Relu relu -> LookupKernel.of(relu, slots);
      case Operator.Quantize quantize -> LookupKernel.of(quantize, slots);
      case Operator.Pad pad -> new PadKernel(pad, slots);
      case Operator.Mean mean -> new MeanKernel(mean, slots);
      case Operator.Concatenation concatenation -> new ConcatenationKernel(concatenation, slots);
      case Operator.StridedSlice slice -> new StridedSliceKernel(slice, slots);
      case Operator.Reshape reshape ->
          throw new IllegalArgumentException(reshape.kind() + " moves nothing and has no kernel");
    };
  }
}
