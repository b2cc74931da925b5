package dev.earshot.ndp.kernel;

/**
 * One operator, prepared for running: immutable and shared by all threads. What changes while it
 * runs lives in the {@link Workspace} of the calling thread. Runs allocate nothing.
 */
sealed interface Kernel
    permits AddKernel,
        AveragePoolKernel,
        BroadcastKernel,
        ConcatenationKernel,
        ConvolutionKernel,
        DepthwiseKernel,
        LookupKernel,
        MaxPoolKernel,
        MeanKernel,
        PadKernel,
        SoftmaxKernel,
        StridedSliceKernel {

  /** Reads its input activations from the workspace and writes its output there. */
  void run(Workspace workspace);

  /** Floats that it needs for its own use in every workspace; kept between runs. */
  int scratchFloats();

  /** Length of the rows that it accumulates, for the workspace's shared accumulators. */
  int accumulators();
}
