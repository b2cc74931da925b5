package dev.earshot.ndp.streaming;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Padding;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.graph.Tensor;
import java.util.List;

/**
 * Which operators commute with a shift in time.
 *
 * <p>A tensor of T rows in time is T equal runs of memory, oldest first: its outermost dimension
 * that is not 1 is time. An operator commutes when output row j is the same function of input rows
 * {@code j .. j + reach} for every j: then a new frame shifts all output rows by one and adds one.
 * Padding along time does not commute, because the border stays where it is while the frames move;
 * nor does a step of more than one row, unless there is but one row of output.
 */
final class TimeShift {
  private static final int NEVER = 0;

  private TimeShift() {}

  /** Whether a tensor of that shape is so many rows in time, one behind the other. */
  static boolean isRows(Shape shape, int rows) {
    return rows == 1 || (axis(shape) < shape.rank() && shape.dimension(axis(shape)) == rows);
  }

  /** The dimension that is time in a tensor of more than one row. */
  static int axis(Shape shape) {
    int axis = 0;
    while (axis < shape.rank() && shape.dimension(axis) == 1) {
      axis++;
    }
    return axis;
  }

  /**
   * Rows in time of the output of an operator whose inputs all have {@code rows}; 0 when it does
   * not commute.
   */
  static int outputRows(Operator operator, int rows) {
    if (rows == 1) {
      return 1;
    }
    return switch (operator) {
      case Operator.Conv2d conv -> slide(conv.input(), conv.window(), rows);
      case Operator.DepthwiseConv2d conv -> slide(conv.input(), conv.window(), rows);
      case Operator.AveragePool2d pool -> slide(pool.input(), pool.window(), rows);
      case Operator.MaxPool2d pool -> slide(pool.input(), pool.window(), rows);
      case Operator.FullyConnected dense ->
          // A row of its own for each frame, or several: but none that spans two frames.
          dense.input().shape().elements() / rows % dense.weights().shape().dimension(1) == 0
              ? ifRows(dense.output(), rows)
              : NEVER;
      case Operator.Softmax softmax ->
          axis(softmax.input().shape()) < softmax.input().shape().rank() - 1 ? rows : NEVER;
      case Operator.Reshape reshape -> ifRows(reshape.output(), rows);
      case Operator.Add ignored -> rows;
      case Operator.BroadcastAdd add -> broadcast(add, rows);
      case Operator.Mul mul -> broadcast(mul, rows);
      case Operator.Logistic ignored -> rows;
      case Operator.Relu ignored -> rows;
      case Operator.Quantize ignored -> rows;
      case Operator.Pad pad -> pad(pad, rows);
      case Operator.Mean mean ->
          mean.axes().contains(axis(mean.input().shape())) ? 1 : ifRows(mean.output(), rows);
      case Operator.Concatenation concatenation -> concatenation(concatenation, rows);
      case Operator.StridedSlice slice -> slice(slice);
    };
  }

  private static int ifRows(Tensor output, int rows) {
    return isRows(output.shape(), rows) ? rows : NEVER;
  }

  private static int slide(Tensor image, SlidingWindow window, int rows) {
    return switch (axis(image.shape())) {
      case 1 ->
          slide(rows, window.height(), window.strideHeight(), window.dilationHeight(), window);
      // A one-dimensional convolution may be written as an image of one row; its columns are time.
      case 2 -> slide(rows, window.width(), window.strideWidth(), window.dilationWidth(), window);
      default -> NEVER;
    };
  }

  private static int slide(int rows, int taps, int stride, int dilation, SlidingWindow window) {
    Padding padding = window.padding();
    int output = padding.outputSize(rows, taps, stride, dilation);
    boolean padded = padding.total(rows, taps, stride, dilation) > 0;
    return padded || (stride > 1 && output > 1) ? NEVER : output;
  }

  /** Each activation must bring its rows along the same dimension, and a constant none. */
  private static int broadcast(Operator.OfTwoOperands operator, int rows) {
    Shape output = operator.output().shape();
    int axis = axis(output);
    for (Tensor operand : List.of(operator.first(), operator.second())) {
      Shape shape = operand.shape();
      // Shapes are aligned at their last dimension.
      int own = axis - (output.rank() - shape.rank());
      boolean fits =
          operand.isConstant()
              ? own < 0 || shape.dimension(own) == 1
              : own == axis(shape) && shape.dimension(own) == rows;
      if (!fits) {
        return NEVER;
      }
    }
    return ifRows(operator.output(), rows);
  }

  private static int pad(Operator.Pad pad, int rows) {
    return axis(pad.output().shape()) == axis(pad.input().shape())
        ? ifRows(pad.output(), rows)
        : NEVER;
  }

  private static int concatenation(Operator.Concatenation concatenation, int rows) {
    boolean beside = concatenation.axis() > axis(concatenation.output().shape());
    return beside && concatenation.constants().isEmpty()
        ? ifRows(concatenation.output(), rows)
        : NEVER;
  }

  /** A range of rows: what is cut off at the end makes a delay, which commutes. */
  private static int slice(Operator.StridedSlice slice) {
    int axis = axis(slice.input().shape());
    int rows = slice.sizes().get(axis);
    return rows == 1 || slice.strides().get(axis) == 1 ? rows : NEVER;
  }
}
