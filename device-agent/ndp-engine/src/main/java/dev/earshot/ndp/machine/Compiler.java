package dev.earshot.ndp.machine;

import static dev.earshot.ndp.machine.Assembler.R12;
import static dev.earshot.ndp.machine.Assembler.R13;
import static dev.earshot.ndp.machine.Assembler.R14;
import static dev.earshot.ndp.machine.Assembler.R15;
import static dev.earshot.ndp.machine.Assembler.RBP;
import static dev.earshot.ndp.machine.Assembler.RBX;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.graph.Tensor;
import dev.earshot.ndp.kernel.Kernel;
import dev.earshot.ndp.kernel.QuantizedAddition;
import dev.earshot.ndp.kernel.Requantizer;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.ndp.kernel.Slots;
import dev.earshot.ndp.plan.ExactSums;
import dev.earshot.ndp.plan.Plane;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntUnaryOperator;

/**
 * Turns operators into steps, in their order: machine code where there is some, the plain kernel
 * otherwise. Activations are copied where the two kinds meet.
 */
final class Compiler {
  private static final int[] SAVED = {RBX, RBP, R12, R13, R14, R15};

  private final Graph graph;
  private final Rounding rounding;
  private final Slots slots;
  private final Layout layout;
  private final Assembler assembler = new Assembler();
  private final Constants constants = new Constants();

  /** Functions that no caller has been written for yet. */
  private final List<Integer> functions = new ArrayList<>();

  /** What makes the steps when their code and its constants are in memory. */
  private final List<BiFunction<ExecutableCode, MemorySegment, Step>> steps = new ArrayList<>();

  private final Set<Integer> asBytes = new HashSet<>();

  Compiler(Graph graph, Rounding rounding, Slots slots, Layout layout) {
    this.graph = graph;
    this.rounding = rounding;
    this.slots = slots;
    this.layout = layout;
  }

  List<Step> compile() {
    asBytes.add(graph.input().index());
    for (Operator operator : graph.operators()) {
      if (operator instanceof Operator.Reshape reshape) {
        reshape(reshape);
      } else if (!compile(operator)) {
        operator.activations().forEach(this::store);
        add(new Step.Plain(Kernel.of(operator, rounding, slots)));
        asBytes.add(operator.output().index());
      }
    }
    store(graph.output());
    writeCaller();
    ExecutableCode code = ExecutableCode.of(assembler.bytes());
    MemorySegment memory = constants.toMemory();
    return steps.stream().map(step -> step.apply(code, memory)).toList();
  }

  private void add(Step step) {
    writeCaller();
    steps.add((code, memory) -> step);
  }

  /** Functions that follow one another are called by one. */
  private void writeCaller() {
    if (functions.isEmpty()) {
      return;
    }
    int start = assembler.here();
    for (int saved : SAVED) {
      assembler.push(saved);
    }
    functions.forEach(assembler::call);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      assembler.pop(SAVED[i]);
    }
    assembler.vzeroupper();
    assembler.ret();
    functions.clear();
    steps.add((code, memory) -> new Step.Compiled(code.from(start), memory));
  }

  private void reshape(Operator.Reshape reshape) {
    boolean samePlace =
        layout.has(reshape.input())
            && layout.of(reshape.input()).plane().isContiguous()
            && layout.future(reshape.output()).isContiguous();
    if (samePlace) {
      layout.alias(reshape.input(), reshape.output());
    } else {
      store(reshape.input());
      slots.alias(reshape.input(), reshape.output());
      asBytes.add(reshape.output().index());
    }
  }

  private boolean compile(Operator operator) {
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
    SlidingWindow window = conv.window();
    int outputs = conv.weights().shape().dimension(0);
    byte[] weights = conv.weights().weightValues();
    int length = weights.length / outputs;
    int[] bias = Tensor.biases(conv.bias(), outputs);
    Rescaling rescaling =
        Rescaling.of(
            Requantizer.of(conv),
            largest(ExactSums.of(conv.input(), weights, outputs, i -> i / length), bias));
    if (rescaling == null || !ProductsCode.isFor(window)) {
      return false;
    }
    Place input = load(conv.input());
    Place output = layout.of(conv.output());
    int channels = input.plane().channels();
    int taps = ProductsCode.taps(window);
    int runLength = window.width() / taps * channels;
    function(
        () ->
            new ProductsCode(
                    assembler,
                    constants,
                    Raster.of(window, input),
                    Raster.of(output),
                    new ProductsCode.Window(
                        window.height(),
                        window.dilationHeight() * input.plane().rowStride(),
                        taps,
                        window.dilationWidth() * channels,
                        runLength),
                    (o, run, i) -> weights[o * length + run * runLength + i],
                    biased(bias, conv.input(), weights, i -> i / length),
                    rescaling)
                .write());
    return true;
  }

  private boolean fullyConnected(Operator.FullyConnected dense) {
    int outputs = dense.weights().shape().dimension(0);
    byte[] weights = dense.weights().weightValues();
    int length = weights.length / outputs;
    int[] bias = Tensor.biases(dense.bias(), outputs);
    boolean symmetric =
        dense.weights().requireQuantization().zeroPoints().stream().allMatch(z -> z == 0);
    Rescaling rescaling =
        Rescaling.of(
            Requantizer.of(dense, rounding),
            largest(ExactSums.of(dense.input(), weights, outputs, i -> i / length), bias));
    if (rescaling == null
        || !symmetric
        || !layout.future(dense.input()).isContiguous()
        || !layout.future(dense.output()).isContiguous()) {
      return false;
    }
    Place input = load(dense.input());
    Place output = layout.of(dense.output());
    int rows = dense.input().shape().elements() / length;
    function(
        () ->
            new ProductsCode(
                    assembler,
                    constants,
                    Raster.ofRows(rows, input.start(), length),
                    Raster.ofRows(rows, output.start(), outputs),
                    new ProductsCode.Window(1, 0, 1, 0, length),
                    (o, run, i) -> weights[o * length + i],
                    biased(bias, dense.input(), weights, i -> i / length),
                    rescaling)
                .write());
    return true;
  }

  private boolean depthwise(Operator.DepthwiseConv2d conv) {
    if (conv.depthMultiplier() != 1) {
      return false;
    }
    SlidingWindow window = conv.window();
    int channels = conv.weights().shape().dimension(3);
    byte[] weights = conv.weights().weightValues();
    int[] bias = Tensor.biases(conv.bias(), channels);
    Rescaling rescaling =
        Rescaling.of(
            Requantizer.of(conv),
            largest(ExactSums.of(conv.input(), weights, channels, i -> i % channels), bias));
    if (rescaling == null || !DepthwiseCode.isFor(window)) {
      return false;
    }
    Place input = load(conv.input());
    Place output = layout.of(conv.output());
    int fold = window.strideWidth() == 1 ? output.plane().pixelsIn(Constants.LANES) : 1;
    function(
        () ->
            new DepthwiseCode(
                    assembler,
                    constants,
                    Raster.of(window, input).folded(fold),
                    Raster.of(output).folded(fold),
                    new DepthwiseCode.Window(
                        window.height(),
                        window.width(),
                        window.dilationHeight() * input.plane().rowStride(),
                        window.dilationWidth() * channels),
                    (row, column, c) ->
                        weights[(row * window.width() + column) * channels + c % channels],
                    Rescaling.repeated(
                        biased(bias, conv.input(), weights, i -> i % channels), fold),
                    rescaling.repeated(fold))
                .write());
    return true;
  }

  private boolean averagePool(Operator.AveragePool2d pool) {
    SlidingWindow window = pool.window();
    Plane image = layout.future(pool.input());
    boolean inside =
        Plane.Border.of(window, image.height(), image.width()).equals(Plane.Border.NONE);
    if (!inside || !AverageCode.isExactFor(window.height() * window.width())) {
      return false;
    }
    Place input = load(pool.input());
    Place output = layout.of(pool.output());
    Quantization quantization = pool.output().requireQuantization();
    function(
        () ->
            new AverageCode(
                    assembler,
                    constants,
                    Raster.of(window, input),
                    Raster.of(output),
                    new DepthwiseCode.Window(
                        window.height(),
                        window.width(),
                        input.plane().rowStride(),
                        input.plane().channels()),
                    input.plane().channels(),
                    Requantizer.Range.of(quantization, pool.activation()))
                .write());
    return true;
  }

  private boolean add(Operator.Add add) {
    QuantizedAddition addition = new QuantizedAddition(add, add.activation());
    if (!AddCode.isFor(addition)) {
      return false;
    }
    Place first = load(add.first());
    Place second = load(add.second());
    Place output = layout.of(add.output());
    function(() -> new AddCode(assembler, constants, first, second, output, addition).write());
    return true;
  }

  /** Code that may use every register but {@code RSP}, {@code RDI} and {@code RSI}. */
  private void function(Runnable body) {
    functions.add(assembler.here());
    body.run();
    assembler.ret();
  }

  /** By output: the bias for inputs that are int8 plus 128. */
  private static int[] biased(int[] bias, Tensor input, byte[] weights, IntUnaryOperator outputOf) {
    int zero = Rescaling.biased(input.requireQuantization().zeroPoint());
    int[] biased = bias.clone();
    for (int i = 0; i < weights.length; i++) {
      biased[outputOf.applyAsInt(i)] -= zero * weights[i];
    }
    return biased;
  }

  /** By output: the largest magnitude that its sum can have. */
  private static long[] largest(ExactSums sums, int[] bias) {
    long[] largest = new long[bias.length];
    Arrays.setAll(largest, o -> sums.largest(o) + Math.abs((long) bias[o]));
    return largest;
  }

  /** The place of an activation that machine code reads. */
  private Place load(Tensor activation) {
    boolean isThere = layout.has(activation);
    Place place = layout.of(activation);
    if (!isThere) {
      add(new Step.Load(slots.of(activation), place));
      function(() -> new FlipCode(assembler, constants, place).write());
    }
    return place;
  }

  /** Makes sure that an activation that a plain kernel reads is there as int8 values. */
  private void store(Tensor activation) {
    if (asBytes.add(activation.index())) {
      add(new Step.Store(layout.of(activation), slots.of(activation)));
    }
  }
}
