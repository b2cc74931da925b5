package dev.earshot.ndp.streaming;

import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The same operators over fewer rows in time. */
final class Narrowing {
  private Narrowing() {}

  /** The tensor with another number of rows in time. */
  static Tensor withRows(Tensor tensor, int rows, int newRows) {
    if (rows == newRows) {
      return tensor;
    }
    List<Integer> dimensions = new ArrayList<>(tensor.shape().dimensions());
    dimensions.set(TimeShift.axis(tensor.shape()), newRows);
    return new Tensor(
        tensor.index(),
        tensor.name(),
        tensor.type(),
        new Shape(dimensions),
        tensor.quantization(),
        tensor.constant());
  }

  /** The operator on narrowed activations; constants and windows stay as they are. */
  static Operator over(Operator operator, UnaryOperator<Tensor> narrowed) {
    Tensor output = narrowed.apply(operator.output());
    return switch (operator) {
      case Operator.Conv2d conv ->
          new Operator.Conv2d(
              narrowed.apply(conv.input()),
              conv.weights(),
              conv.bias(),
              output,
              conv.window(),
              conv.activation());
      case Operator.DepthwiseConv2d conv ->
          new Operator.DepthwiseConv2d(
              narrowed.apply(conv.input()),
              conv.weights(),
              conv.bias(),
              output,
              conv.window(),
              conv.depthMultiplier(),
              conv.activation());
      case Operator.FullyConnected dense ->
          new Operator.FullyConnected(
              narrowed.apply(dense.input()),
              dense.weights(),
              dense.bias(),
              output,
              dense.activation());
      case Operator.Reshape reshape ->
          new Operator.Reshape(narrowed.apply(reshape.input()), output);
      case Operator.Softmax softmax ->
          new Operator.Softmax(narrowed.apply(softmax.input()), output, softmax.beta());
      case Operator.AveragePool2d pool ->
          new Operator.AveragePool2d(
              narrowed.apply(pool.input()), output, pool.window(), pool.activation());
      case Operator.Add add ->
          new Operator.Add(
              narrowed.apply(add.first()), narrowed.apply(add.second()), output, add.activation());
      case Operator.MaxPool2d pool ->
          new Operator.MaxPool2d(
              narrowed.apply(pool.input()), output, pool.window(), pool.activation());
      case Operator.BroadcastAdd add ->
          new Operator.BroadcastAdd(
              narrowed.apply(add.first()), narrowed.apply(add.second()), output, add.activation());
      case Operator.Mul mul ->
          new Operator.Mul(
              narrowed.apply(mul.first()), narrowed.apply(mul.second()), output, mul.activation());
      case Operator.Logistic logistic ->
          new Operator.Logistic(narrowed.apply(logistic.input()), output);
      case Operator.Relu relu ->
          new Operator.Relu(narrowed.apply(relu.input()), output, relu.activation());
      case Operator.Quantize quantize ->
          new Operator.Quantize(narrowed.apply(quantize.input()), output);
      case Operator.Pad pad ->
          new Operator.Pad(narrowed.apply(pad.input()), output, pad.before(), pad.value());
      case Operator.Mean mean ->
          new Operator.Mean(narrowed.apply(mean.input()), output, mean.axes());
      case Operator.Concatenation concatenation ->
          new Operator.Concatenation(
              concatenation.inputs().stream().map(narrowed).toList(), output, concatenation.axis());
      case Operator.StridedSlice slice -> slice(slice, narrowed.apply(slice.input()), output);
    };
  }

  private static Operator slice(Operator.StridedSlice slice, Tensor input, Tensor output) {
    int axis = TimeShift.axis(slice.input().shape());
    List<Integer> sizes = new ArrayList<>(slice.sizes());
    if (!input.shape().equals(slice.input().shape())) {
      int fewer = slice.input().shape().dimension(axis) - input.shape().dimension(axis);
      sizes.set(axis, sizes.get(axis) - fewer);
    }
    return new Operator.StridedSlice(input, output, slice.begin(), slice.strides(), sizes);
  }
}
