package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A graph prepared for running: kernels with packed weights and precomputed multipliers. Immutable;
 * one program serves all threads and devices, each thread with its own {@link Runner}.
 */
public final class Program {
  private final Kernel[] kernels;
  private final List<Operator> operators = new ArrayList<>();
  private final Slots slots;
  private final int inputSlot;
  private final int outputSlot;
  private final int inputElements;
  private final int outputElements;

  private Program(Graph graph, Rounding rounding) {
    slots = new Slots(graph.tensorCount());
    inputSlot = slots.of(graph.input());
    List<Kernel> prepared = new ArrayList<>();
    for (Operator operator : graph.operators()) {
      if (operator instanceof Operator.Reshape reshape) {
        slots.alias(reshape.input(), reshape.output());
      } else {
        prepared.add(kernel(operator, rounding));
        operators.add(operator);
      }
    }
    kernels = prepared.toArray(Kernel[]::new);
    outputSlot = slots.of(graph.output());
    inputElements = graph.input().shape().elements();
    outputElements = graph.output().shape().elements();
  }

  public static Program of(Graph graph, Rounding rounding) {
    return new Program(graph, rounding);
  }

  private Kernel kernel(Operator operator, Rounding rounding) {
    return switch (operator) {
      case Operator.Conv2d conv -> ConvolutionKernel.of(conv, slots);
      case Operator.DepthwiseConv2d conv -> new DepthwiseKernel(conv, slots);
      case Operator.FullyConnected dense -> ConvolutionKernel.of(dense, rounding, slots);
      case Operator.Softmax softmax -> new SoftmaxKernel(softmax, slots);
      case Operator.AveragePool2d pool -> new AveragePoolKernel(pool, slots);
      case Operator.Add add -> new AddKernel(add, slots);
      case Operator.BroadcastAdd add -> new BroadcastAddKernel(add, slots);
      case Operator.Concatenation concatenation -> new ConcatenationKernel(concatenation, slots);
      case Operator.Logistic logistic -> LookupKernel.of(logistic, slots);
      case Operator.MaxPool2d pool -> new MaxPoolKernel(pool, slots);
      case Operator.Mean mean -> new MeanKernel(mean, slots);
      case Operator.Mul mul -> new MulKernel(mul, slots);
      case Operator.Pad pad -> new PadKernel(pad, slots);
      case Operator.Quantize quantize -> LookupKernel.of(quantize, slots);
      case Operator.Relu relu -> LookupKernel.of(relu, slots);
      case Operator.StridedSlice slice -> new StridedSliceKernel(slice, slots);
      case Operator.Reshape reshape ->
          throw new IllegalArgumentException(reshape.kind() + " moves nothing and has no kernel");
    };
  }

  /** A new runner with its own workspace, for one thread at a time. */
  public Runner newRunner() {
    int[] sizes = slots.activationSizes();
    byte[][] activations = new byte[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      activations[i] = new byte[sizes[i]];
    }
    List<float[]> scratch = new ArrayList<>();
    int accumulators = 0;
    for (Kernel kernel : kernels) {
      if (kernel.scratchFloats() > 0) {
        scratch.add(new float[kernel.scratchFloats()]);
      }
      accumulators = Math.max(accumulators, kernel.accumulators());
    }
    return new Runner(new Workspace(activations, scratch.toArray(float[][]::new), accumulators));
  }

  /** Runs the program. Not thread-safe; allocates nothing. */
  public final class Runner {
    private final Workspace workspace;

    private Runner(Workspace workspace) {
      this.workspace = workspace;
    }

    /** One inference: reads the input at {@code inputOffset}, writes the output. */
    public void run(byte[] input, int inputOffset, byte[] output, int outputOffset) {
      System.arraycopy(input, inputOffset, workspace.activation(inputSlot), 0, inputElements);
      // Over an array: a list's iterator would be an allocation per inference.
      for (Kernel kernel : kernels) {
        kernel.run(workspace);
      }
      System.arraycopy(workspace.activation(outputSlot), 0, output, outputOffset, outputElements);
    }

    /**
     * Calls back with the output of each operator of the last inference, in order: for tests and
     * debugging. Reshapes have no value of their own and are left out.
     */
    public void trace(Trace trace) {
      for (Operator operator : operators) {
        Tensor output = operator.output();
        trace.operator(operator, workspace.activation(slots.of(output)).clone());
      }
    }
  }

  /** Receives the output of one operator. */
  @FunctionalInterface
  public interface Trace {
    void operator(Operator operator, byte[] output);
  }
}
