package dev.earshot.ndp.plan;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.graph.Tensor;
import dev.earshot.ndp.kernel.Requantizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A graph without the channels that never change. Training leaves many behind a ReLU: with weights
 * that are all zero, a channel's value is its bias's. (In MLPerf Tiny's person detection four in
 * five channels of the deep layers are such.) What such a channel adds to the sums of the next
 * layer is a constant, so it moves into that layer's bias and the channel is not computed. The
 * results are the same bits: the sums are the same integers.
 *
 * <p>A channel is left out only where every reader can do without it: a convolution (whose window
 * reaches over no border, unless the constant is the zero point, which is what a border holds), a
 * depthwise convolution or a pool that leaves out the same channel, a FULLY_CONNECTED behind a
 * reshape that keeps the channels. At least one channel stays.
 */
public final class LiveChannels {
  /** Instead of a constant: no int8 value. */
  private static final int CHANGES = Integer.MIN_VALUE;

  private final Graph graph;

  /** By tensor: the constant value of each channel, or {@link #CHANGES}. */
  private final int[][] constants;

  /** By tensor: the channels to leave out. */
  private final BitSet[] dropped;

  private LiveChannels(Graph graph) {
    this.graph = graph;
    constants = new int[graph.tensorCount()][0];
    dropped = new BitSet[graph.tensorCount()];
    for (int i = 0; i < dropped.length; i++) {
      dropped[i] = new BitSet();
    }
  }

  /** The same graph when every channel changes. */
  public static Graph of(Graph graph) {
    LiveChannels live = new LiveChannels(graph);
    graph.operators().forEach(live::findConstants);
    live.settle();
    for (BitSet channels : live.dropped) {
      if (!channels.isEmpty()) {
        return live.narrowed();
      }
    }
    return graph;
  }

  private void findConstants(Operator operator) {
    switch (operator) {
      case Operator.Conv2d conv -> {
        Requantizer requantizer = Requantizer.of(conv);
        Filters filters = Filters.of(conv.weights(), conv.bias(), requantizer.channels());
        set(conv.output(), o -> constant(conv.input(), conv.window(), filters, requantizer, o));
      }
      case Operator.DepthwiseConv2d conv when conv.depthMultiplier() == 1 -> {
        Requantizer requantizer = Requantizer.of(conv);
        Filters filters = Filters.ofEach(conv.weights(), conv.bias(), requantizer.channels());
        set(conv.output(), c -> constant(conv.input(), conv.window(), filters, requantizer, c));
      }
      case Operator.AveragePool2d pool -> {
        Quantization output = pool.output().requireQuantization();
        Requantizer.Range range = Requantizer.Range.of(output, pool.activation());
        set(
            pool.output(),
            c -> {
              int value = constant(pool.input(), c);
              return value == CHANGES ? CHANGES : range.clamp(value);
            });
      }
      case Operator.Reshape reshape when keepsChannels(reshape) ->
          set(reshape.output(), c -> constant(reshape.input(), c));
      default -> {
        // what others give is taken to change
      }
    }
  }

  private void set(Tensor tensor, IntUnaryOperator valueOfChannel) {
    int[] values = new int[channels(tensor)];
    BitSet constant = dropped[tensor.index()];
    for (int c = 0; c < values.length; c++) {
      values[c] = valueOfChannel.applyAsInt(c);
      constant.set(c, values[c] != CHANGES);
    }
    constants[tensor.index()] = values;
    if (constant.cardinality() == values.length) {
      constant.clear(0);
    }
  }

  private int constant(Tensor tensor, int channel) {
    int[] values = constants[tensor.index()];
    return channel < values.length ? values[channel] : CHANGES;
  }

  private int constant(
      Tensor input, SlidingWindow window, Filters filters, Requantizer requantizer, int output) {
    int sum = filters.bias(output);
    for (int i = 0; i < filters.inputs(); i++) {
      if (!filters.isZero(output, i)) {
        int value = foldable(input, window, filters.channel(output, i));
        if (value == CHANGES) {
          return CHANGES;
        }
        sum += (value - zeroPoint(input)) * filters.sum(output, i);
      }
    }
    return requantizer.requantize(sum, output);
  }

  /** The constant that a window sees of an input channel wherever it is. */
  private int foldable(Tensor input, SlidingWindow window, int channel) {
    int value = constant(input, channel);
    boolean seesBorder =
        !Plane.Border.of(window, input.shape().dimension(1), input.shape().dimension(2))
            .equals(Plane.Border.NONE);
    return value == CHANGES || (seesBorder && value != zeroPoint(input)) ? CHANGES : value;
  }

  private static int zeroPoint(Tensor tensor) {
    return tensor.requireQuantization().zeroPoint();
  }

  private static int channels(Tensor tensor) {
    Shape shape = tensor.shape();
    return shape.rank() == 0 ? 1 : shape.dimension(shape.rank() - 1);
  }

  /** Whether a reshape leaves one pixel's channels where they are. */
  private static boolean keepsChannels(Operator.Reshape reshape) {
    int elements = reshape.input().shape().elements();
    return channels(reshape.input()) == elements && channels(reshape.output()) == elements;
  }

  /** Takes back what some reader or writer can't leave out, until nothing changes. */
  private void settle() {
    dropped[graph.output().index()].clear();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Operator operator : graph.operators()) {
        changed |= settle(operator);
      }
    }
  }

  private boolean settle(Operator operator) {
    return switch (operator) {
      case Operator.Conv2d conv -> keepUnfoldable(conv.input(), conv.window());
      case Operator.DepthwiseConv2d conv when conv.depthMultiplier() == 1 ->
          keepUnfoldable(conv.input(), conv.window()) | dropAlike(conv.input(), conv.output());
      case Operator.AveragePool2d pool -> dropAlike(pool.input(), pool.output());
      case Operator.Reshape reshape when keepsChannels(reshape) ->
          dropAlike(reshape.input(), reshape.output());
      case Operator.FullyConnected dense
          when dense.input().shape().elements() == channels(dense.input())
              && dense.weights().shape().dimension(1) == channels(dense.input()) ->
          false;
      default -> {
        boolean changed = keepAll(operator.output());
        for (Tensor activation : operator.activations()) {
          changed |= keepAll(activation);
        }
        yield changed;
      }
    };
  }

  private boolean keepUnfoldable(Tensor input, SlidingWindow window) {
    BitSet channels = dropped[input.index()];
    int before = channels.cardinality();
    for (int c = channels.nextSetBit(0); c >= 0; c = channels.nextSetBit(c + 1)) {
      if (foldable(input, window, c) == CHANGES) {
        channels.clear(c);
      }
    }
    return channels.cardinality() != before;
  }

  private boolean dropAlike(Tensor input, Tensor output) {
    BitSet in = dropped[input.index()];
    BitSet out = dropped[output.index()];
    if (in.equals(out)) {
      return false;
    }
    in.and(out);
    out.and(in);
    return true;
  }

  private boolean keepAll(Tensor tensor) {
    boolean changes = !dropped[tensor.index()].isEmpty();
    dropped[tensor.index()].clear();
    return changes;
  }

  private Graph narrowed() {
    List<Operator> operators = new ArrayList<>();
    for (Operator operator : graph.operators()) {
      operators.add(narrowed(operator));
    }
    return new Graph(
        graph.description(), graph.tensorCount(), operators, graph.input(), graph.output());
  }

  private Operator narrowed(Operator operator) {
    return switch (operator) {
      case Operator.Conv2d conv -> {
        int outputs = conv.weights().shape().dimension(0);
        Filters filters = folded(conv.input(), Filters.of(conv.weights(), conv.bias(), outputs));
        int[] kept = kept(conv.output(), outputs);
        yield new Operator.Conv2d(
            narrowed(conv.input()),
            filters.weights(kept, kept(conv.input(), filters.inputs())),
            filters.bias(conv.bias(), kept),
            narrowed(conv.output()),
            conv.window(),
            conv.activation());
      }
      case Operator.FullyConnected dense -> {
        int outputs = dense.weights().shape().dimension(0);
        Filters filters = folded(dense.input(), Filters.of(dense.weights(), dense.bias(), outputs));
        int[] kept = kept(dense.output(), outputs);
        yield new Operator.FullyConnected(
            narrowed(dense.input()),
            filters.weights(kept, kept(dense.input(), filters.inputs())),
            filters.bias(dense.bias(), kept),
            narrowed(dense.output()),
            dense.activation());
      }
      case Operator.DepthwiseConv2d conv when conv.depthMultiplier() == 1 -> {
        int channels = conv.weights().shape().dimension(3);
        Filters filters = Filters.ofEach(conv.weights(), conv.bias(), channels);
        int[] kept = kept(conv.output(), channels);
        yield new Operator.DepthwiseConv2d(
            narrowed(conv.input()),
            filters.weightsOfEach(kept),
            filters.bias(conv.bias(), kept),
            narrowed(conv.output()),
            conv.window(),
            1,
            conv.activation());
      }
      case Operator.AveragePool2d pool ->
          new Operator.AveragePool2d(
              narrowed(pool.input()), narrowed(pool.output()), pool.window(), pool.activation());
      case Operator.Reshape reshape ->
          new Operator.Reshape(narrowed(reshape.input()), narrowed(reshape.output()));
      default -> operator;
    };
  }

  /** What the channels that are left out add to the sums, in the bias. */
  private Filters folded(Tensor input, Filters filters) {
    BitSet channels = dropped[input.index()];
    for (int i = channels.nextSetBit(0); i >= 0; i = channels.nextSetBit(i + 1)) {
      int difference = constant(input, i) - zeroPoint(input);
      for (int o = 0; o < filters.outputs(); o++) {
        filters.addToBias(o, difference * filters.sum(o, i));
      }
    }
    return filters;
  }

  private int[] kept(Tensor tensor, int channels) {
    BitSet all = dropped[tensor.index()];
    BitSet kept = new BitSet();
    kept.set(0, channels);
    kept.andNot(all);
    return kept.stream().toArray();
  }

  private Tensor narrowed(Tensor activation) {
    if (dropped[activation.index()].isEmpty()) {
      return activation;
    }
    List<Integer> dimensions = new ArrayList<>(activation.shape().dimensions());
    dimensions.set(dimensions.size() - 1, kept(activation, channels(activation)).length);
    return new Tensor(
        activation.index(),
        activation.name(),
        activation.type(),
        new Shape(dimensions),
        activation.quantization(),
        null);
  }
}
