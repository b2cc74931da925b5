package dev.earshot.ndp.tflite;

import dev.earshot.ndp.graph.ModelFormatException;

/**
 * What a file may ask for. Far above every model that fits a chip, low enough that no file can
 * exhaust a server which only wants to look at it. Each check throws with the name of what is too
 * large.
 */
final class Limits {
  static final int FILE_BYTES = 64 << 20;
  static final int TENSORS = 4096;
  static final int OPERATORS = 1024;

  /** Inputs or outputs of one operator. */
  static final int OPERANDS = 256;

  /** Bytes of a name that are read; the rest of a longer one is left out. */
  static final int NAME_BYTES = 1024;

  static final int RANK = 6;
  static final int CHANNELS = 1 << 16;
  static final int TENSOR_ELEMENTS = 1 << 24;

  /** Weights of one input are kept for whole vectors of outputs, of which these are the widest. */
  private static final int LANES = 16;

  /** Elements of all constants, counted once for each operator that reads them. */
  private static final long WEIGHT_ELEMENTS = 1 << 22;

  /** Elements of all activations with the padding around them. */
  private static final long ACTIVATION_ELEMENTS = 1 << 24;

  /** Multiply-accumulates and pooled elements of one inference. */
  private static final long WORK = 1_000_000_000L;

  /** Scales of all tensors; one table of them may serve many tensors. */
  private static final long SCALES = 1 << 20;

  private long scales;
  private long weightElements;
  private long activationElements;
  private long work;

  void addScales(String where, long count) throws ModelFormatException {
    scales += count;
    check(where, "scales so far", scales, SCALES);
  }

  void addWeights(String where, long elements) throws ModelFormatException {
    weightElements += elements;
    check(where, "constant elements, packed, so far", weightElements, WEIGHT_ELEMENTS);
  }

  /** Counts what packing adds to the weights of a layer, and refuses more outputs than channels. */
  void addOutputs(String where, int outputs, int inputs) throws ModelFormatException {
    check(where, "output channels", outputs, CHANNELS);
    addWeights(where, (long) (Math.ceilDiv(outputs, LANES) * LANES - outputs) * inputs);
  }

  void addActivations(String where, long elements) throws ModelFormatException {
    activationElements = saturatedSum(activationElements, elements);
    check(
        where, "activation elements with padding so far", activationElements, ACTIVATION_ELEMENTS);
  }

  void addWork(String where, long operations) throws ModelFormatException {
    work = saturatedSum(work, operations);
    check(where, "operations of one inference so far", work, WORK);
  }

  private static void check(String where, String what, long value, long limit)
      throws ModelFormatException {
    if (value > limit) {
      throw new ModelFormatException(
          "%s: %,d %s (expected: at most %,d)".formatted(where, value, what, limit));
    }
  }

  private static long saturatedSum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
