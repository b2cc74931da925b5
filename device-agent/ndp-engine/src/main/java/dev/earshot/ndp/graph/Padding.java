package dev.earshot.ndp.graph;

/** How a sliding window treats the border. */
public enum Padding {
  /** The input is surrounded by zeros so that a stride of one keeps its size. */
  SAME,
  /** The window stays inside the input. */
  VALID;

  /** Size of the output along one axis; at most 0 when the window does not fit. */
  public int outputSize(int input, int window, int stride, int dilation) {
    int reach = (window - 1) * dilation + 1;
    return switch (this) {
      case SAME -> (input + stride - 1) / stride;
      case VALID -> input < reach ? 0 : (input - reach) / stride + 1;
    };
  }

  /** Zeros before the first input element along one axis (the rounded-down half of all zeros). */
  public int before(int input, int window, int stride, int dilation) {
    return total(input, window, stride, dilation) / 2;
  }

  /** Zeros on both sides together along one axis. */
  public int total(int input, int window, int stride, int dilation) {
    int reach = (window - 1) * dilation + 1;
    int output = outputSize(input, window, stride, dilation);
    return switch (this) {
      case SAME -> Math.max(0, (output - 1) * stride + reach - input);
      case VALID -> 0;
    };
  }
}
