package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import java.util.ArrayList;
import java.util.List;

/** Runs every operator by its plain kernel, on int8 activations. */
public final class PlainProgram implements Program {
  private final Kernel[] kernels;
  private final List<Operator> operators = new ArrayList<>();
  private final Slots slots;
  private final int inputSlot;
  private final int outputSlot;
  private final int inputElements;
  private final int outputElements;

  public PlainProgram(Graph graph, Rounding rounding) {
    slots = new Slots(graph.tensorCount());
    inputSlot = slots.of(graph.input());
    List<Kernel> prepared = new ArrayList<>();
    for (Operator operator : graph.operators()) {
      if (operator instanceof Operator.Reshape reshape) {
        slots.alias(reshape.input(), reshape.output());
      } else {
        prepared.add(Kernel.of(operator, rounding, slots));
        operators.add(operator);
      }
    }
    kernels = prepared.toArray(Kernel[]::new);
    outputSlot = slots.of(graph.output());
    inputElements = graph.input().shape().elements();
    outputElements = graph.output().shape().elements();
  }

  @Override
  public Runner newRunner() {
    int accumulators = 0;
    for (Kernel kernel : kernels) {
      accumulators = Math.max(accumulators, kernel.accumulators());
    }
    return new PlainRunner(new Workspace(slots, accumulators));
  }

  private final class PlainRunner implements Runner {
    private final Workspace workspace;

    PlainRunner(Workspace workspace) {
      this.workspace = workspace;
    }

    @Override
    public void run(byte[] input, int inputOffset, byte[] output, int outputOffset) {
      System.arraycopy(input, inputOffset, workspace.activation(inputSlot), 0, inputElements);
      // Over an array: a list's iterator would be an allocation per inference.
      for (Kernel kernel : kernels) {
        kernel.run(workspace);
      }
      System.arraycopy(workspace.activation(outputSlot), 0, output, outputOffset, outputElements);
    }

    @Override
    public void trace(Trace trace) {
      for (Operator operator : operators) {
        int slot = slots.of(operator.output());
        trace.operator(operator, workspace.activation(slot).clone());
      }
    }

    @Override
    public long workspaceBytes() {
      return workspace.bytes();
    }
  }
}
