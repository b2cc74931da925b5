package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Tensor;
import dev.earshot.ndp.kernel.Kernel;
import dev.earshot.ndp.kernel.Requantizer;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.ndp.plan.ExactSums;
import dev.earshot.ndp.plan.Plane;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns operators into steps, in their order. An operator whose conditions a vector step does not
 * meet gets its plain kernel; activations are widened or narrowed where the two kinds meet.
 */
final class Planner {
  /** Half of what the second cache of a server's core holds. */
  private static final long NEAR_BYTES = 512 * 1024;

  private final Graph graph;
  private final Rounding rounding;
  private final Layout layout;
  private final List<Step> steps = new ArrayList<>();
  private final Map<Step, Operator> lastSteps = new IdentityHashMap<>();

  /** Whether the weights of the whole model stay near as floats. */
  private final boolean near;

  private int now;
  private final Set<Integer> asBytes = new HashSet<>();

  Planner(Graph graph, Rounding rounding, Layout layout) {
    this.graph = graph;
    this.rounding = rounding;
    this.layout = layout;
    near =
        4
                * graph.operators().stream()
                    .flatMap(o -> o.constants().stream())
                    .mapToLong(Tensor::bytes)
                    .sum()
            <= NEAR_BYTES;
  }

  List<Step> plan() {
    asBytes.add(graph.input().index());
    for (now = 0; now < graph.operators().size(); now++) {
      Operator operator = graph.operators().get(now);
      if (operator instanceof Operator.Reshape reshape) {
        reshape(reshape);
      } else {
        if (!vector(operator)) {
          plain(operator);
        }
        lastSteps.put(steps.getLast(), operator);
      }
    }
    narrow(graph.output());
    steps.removeIf(step -> step instanceof ClearStep clear && !layout.mustClearBorder(clear.id()));
    return steps;
  }

  /** The operators by the step after which their output is there. */
  Map<Step, Operator> lastSteps() {
    return lastSteps;
  }

  private void reshape(Operator.Reshape reshape) {
    boolean samePlace =
        layout.isOnPlane(reshape.input())
            && layout.plane(reshape.input()).isContiguous()
            && layout.future(reshape.output()).isContiguous();
    if (samePlace) {
      layout.alias(reshape.input(), reshape.output());
    } else {
      narrow(reshape.input());
      layout.slots().alias(reshape.input(), reshape.output());
      asBytes.add(reshape.output().index());
    }
  }

  private void plain(Operator operator) {
    operator.activations().forEach(this::narrow);
    steps.add(new Step.Plain(Kernel.of(operator, rounding, layout.slots())));
    asBytes.add(operator.output().index());
  }

  private boolean vector(Operator operator) {
    return switch (operator) {
      case Operator.Conv2d conv -> convolution(conv);
      case Operator.FullyConnected dense -> fullyConnected(dense);
      case Operator.DepthwiseConv2d conv -> depthwise(conv);
      case Operator.AveragePool2d pool -> averagePool(pool);
      case Operator.Add add -> add(add);
      default -> false;
    };
  }

  private boolean convolution(Operator.Conv2d conv) {
    int outputs = conv.weights().shape().dimension(0);
    byte[] weights = conv.weights().weightValues();
    int inputs = weights.length / outputs;
    Scaling scaling =
        new Scaling(
            Requantizer.of(conv),
            Tensor.biases(conv.bias(), outputs),
            ExactSums.of(conv.input(), weights, outputs, i -> i / inputs));
    if (!scaling.isForFloats()) {
      return false;
    }
    Plane input = widen(conv.input());
    place(conv.output());
    Plane output = layout.plane(conv.output());
    if (winograd(conv, input, output, weights, scaling)) {
      return true;
    }
    PackedWeights.Source source = (i, o) -> weights[o * inputs + i];
    int fold = conv.window().dilationWidth() == 1 ? output.pixelsIn(Lanes.COUNT) : 1;
    FoldedWindow folded = new FoldedWindow(conv.window(), input.channels(), outputs, fold);
    steps.add(
        matrix(
            conv,
            FoldedWindow.every(fold, Window.starts(conv.window(), input)),
            Window.of(folded.window(), input),
            fold == 1 ? source : folded.source(source),
            fold * outputs,
            new RowRequantizer(scaling, fold * outputs),
            FoldedWindow.every(fold, Window.starts(output))));
    return true;
  }

  private boolean winograd(
      Operator.Conv2d conv, Plane input, Plane output, byte[] weights, Scaling scaling) {
    if (!WinogradStep.isFor(conv.window(), input, output)) {
      return false;
    }
    int channels = input.channels();
    int[][] transformed = new int[output.channels() * channels][];
    int[] g = new int[9];
    for (int o = 0; o < output.channels(); o++) {
      for (int c = 0; c < channels; c++) {
        for (int tap = 0; tap < 9; tap++) {
          g[tap] = weights[(o * 9 + tap) * channels + c];
        }
        transformed[o * channels + c] = Winograd.transformed(g);
      }
    }
    Winograd.Weights at = (position, i, o) -> transformed[o * channels + i][position];
    int zeroPoint = conv.input().requireQuantization().zeroPoint();
    int low = Byte.MIN_VALUE - zeroPoint;
    int high = Byte.MAX_VALUE - zeroPoint;
    if (!Winograd.areExact(at, channels, output.channels(), low, high)) {
      return false;
    }
    steps.add(
        new WinogradStep(
            layout.id(conv.input()),
            input,
            conv.window(),
            at,
            new RowRequantizer(scaling, output.channels()),
            layout.id(conv.output()),
            output));
    return true;
  }

  private boolean fullyConnected(Operator.FullyConnected dense) {
    int outputs = dense.weights().shape().dimension(0);
    byte[] weights = dense.weights().weightValues();
    int inputs = weights.length / outputs;
    Scaling scaling =
        new Scaling(
            Requantizer.of(dense, rounding),
            Tensor.biases(dense.bias(), outputs),
            ExactSums.of(dense.input(), weights, outputs, i -> i / inputs));
    boolean symmetric =
        dense.weights().requireQuantization().zeroPoints().stream().allMatch(z -> z == 0);
    if (!symmetric
        || !layout.future(dense.input()).isContiguous()
        || !layout.future(dense.output()).isContiguous()
        || !scaling.isForFloats()) {
      return false;
    }
    widen(dense.input());
    place(dense.output());
    int rows = dense.input().shape().elements() / inputs;
    steps.add(
        matrix(
            dense,
            multiples(rows, inputs),
            Window.row(inputs),
            (i, o) -> weights[o * inputs + i],
            outputs,
            new RowRequantizer(scaling, outputs),
            multiples(rows, outputs)));
    return true;
  }

  private static int[] multiples(int count, int of) {
    int[] multiples = new int[count];
    for (int i = 0; i < count; i++) {
      multiples[i] = i * of;
    }
    return multiples;
  }

  private Step matrix(
      Operator operator,
      int[] starts,
      Window window,
      PackedWeights.Source source,
      int outputs,
      RowRequantizer requantizer,
      int[] outputStarts) {
    int input = layout.id(operator.activations().getFirst());
    int output = layout.id(operator.output());
    if (!ConvolutionStep.isFor(starts.length)) {
      return new DenseStep(
          input, starts, window, source, outputs, requantizer, output, outputStarts);
    }
    PackedWeights weights = new PackedWeights(window.runs() * window.length(), outputs, source);
    return new ConvolutionStep(
        input, starts, window, weights, near, requantizer, output, outputStarts);
  }

  private boolean depthwise(Operator.DepthwiseConv2d conv) {
    if (conv.depthMultiplier() != 1) {
      return false;
    }
    int channels = conv.weights().shape().dimension(3);
    byte[] weights = conv.weights().weightValues();
    ExactSums sums = ExactSums.of(conv.input(), weights, channels, i -> i % channels);
    Scaling scaling = new Scaling(Requantizer.of(conv), Tensor.biases(conv.bias(), channels), sums);
    if (!scaling.isForFloats()) {
      return false;
    }
    Plane input = widen(conv.input());
    place(conv.output());
    steps.add(
        new DepthwiseStep(
            layout.id(conv.input()),
            input,
            conv.window(),
            weights,
            scaling,
            layout.id(conv.output()),
            layout.plane(conv.output())));
    return true;
  }

  private boolean averagePool(Operator.AveragePool2d pool) {
    if (!AveragePoolStep.isExactFor(pool.window())) {
      return false;
    }
    Plane input = widen(pool.input());
    place(pool.output());
    Quantization output = pool.output().requireQuantization();
    steps.add(
        new AveragePoolStep(
            layout.id(pool.input()),
            input,
            pool.window(),
            Requantizer.Range.of(output, pool.activation()),
            layout.id(pool.output()),
            layout.plane(pool.output())));
    return true;
  }

  private boolean add(Operator.Add add) {
    if (!AddStep.isFor(add)) {
      return false;
    }
    Plane first = widen(add.first());
    Plane second = widen(add.second());
    place(add.output());
    steps.add(
        new AddStep(
            add,
            layout.id(add.first()),
            first,
            layout.id(add.second()),
            second,
            layout.id(add.output()),
            layout.plane(add.output())));
    return true;
  }

  /** Gives an activation a plane that the operator of this moment writes. */
  private void place(Tensor activation) {
    layout.place(activation, now);
    int id = layout.id(activation);
    steps.add(new ClearStep(id, layout.plane(id)));
  }

  /** The plane of an activation that a vector step reads. */
  private Plane widen(Tensor activation) {
    if (!layout.isOnPlane(activation)) {
      place(activation);
      steps.add(
          new WidenStep(
              layout.slots().of(activation),
              layout.id(activation),
              layout.plane(activation),
              activation.requireQuantization().zeroPoint()));
    }
    return layout.plane(activation);
  }

  /** Makes sure that an activation that a plain kernel reads is there as bytes. */
  private void narrow(Tensor activation) {
    if (asBytes.add(activation.index())) {
      steps.add(
          new NarrowStep(
              layout.id(activation),
              layout.plane(activation),
              layout.slots().of(activation),
              activation.requireQuantization().zeroPoint()));
    }
  }
}
