package dev.earshot.tflite;

/** Which of TensorFlow Lite's implementations of the operators to run. */
public enum TfLiteKernels {
  /** The reference kernels: the plainest code, whose results define what is right. */
  REFERENCE,
  /** The optimized kernels that TensorFlow Lite takes without a delegate. */
  OPTIMIZED,
  /** The XNNPACK delegate, the fastest on a CPU. Its results differ from the reference. */
  XNNPACK
}
