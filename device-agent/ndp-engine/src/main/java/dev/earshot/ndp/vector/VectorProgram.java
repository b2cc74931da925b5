package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Tensor;
import dev.earshot.ndp.kernel.Program;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.ndp.plan.LiveChannels;
import java.util.Map;

/** Runs operators on planes where there is a step for them, by their plain kernel otherwise. */
public final class VectorProgram implements Program {
  private final Graph whole;
  private final boolean isWhole;
  private final Rounding rounding;
  private final Step[] steps;
  private final Map<Step, Operator> operatorsByStep;
  private final Layout layout;
  private final int inputSlot;
  private final int outputSlot;
  private final int inputElements;
  private final int outputElements;

  public VectorProgram(Graph graph, Rounding rounding) {
    this(graph, LiveChannels.of(graph), rounding);
  }

  private VectorProgram(Graph whole, Graph graph, Rounding rounding) {
    this.whole = whole;
    this.isWhole = whole == graph;
    this.rounding = rounding;
    layout = new Layout(graph);
    Planner planner = new Planner(graph, rounding, layout);
    steps = planner.plan().toArray(Step[]::new);
    operatorsByStep = planner.lastSteps();
    inputSlot = layout.slots().of(graph.input());
    outputSlot = layout.slots().of(graph.output());
    inputElements = graph.input().shape().elements();
    outputElements = graph.output().shape().elements();
  }

  @Override
  public Runner newRunner() {
    return runner();
  }

  private VectorRunner runner() {
    int accumulators = 0;
    for (Step step : steps) {
      if (step instanceof Step.Plain plain) {
        accumulators = Math.max(accumulators, plain.kernel().accumulators());
      }
    }
    return new VectorRunner(layout.newWorkspace(accumulators, VectorWorkspace.Sums.of(steps)));
  }

  private final class VectorRunner implements Runner {
    private final VectorWorkspace workspace;

    VectorRunner(VectorWorkspace workspace) {
      this.workspace = workspace;
    }

    private byte[] input() {
      return workspace.bytes().activation(inputSlot);
    }

    @Override
    public void run(byte[] input, int inputOffset, byte[] output, int outputOffset) {
      System.arraycopy(input, inputOffset, input(), 0, inputElements);
      // Over an array: a list's iterator would be an allocation per inference.
      for (Step step : steps) {
        step.run(workspace);
      }
      System.arraycopy(
          workspace.bytes().activation(outputSlot), 0, output, outputOffset, outputElements);
    }

    @Override
    public void trace(Trace trace) {
      if (!isWhole) {
        // With all channels, those too that never change.
        VectorRunner all = new VectorProgram(whole, whole, rounding).runner();
        System.arraycopy(input(), 0, all.input(), 0, inputElements);
        all.trace(trace);
        return;
      }
      // Planes are written over when nothing reads them any more: step by step once again.
      for (Step step : steps) {
        step.run(workspace);
        Operator operator = operatorsByStep.get(step);
        if (operator != null) {
          trace.operator(operator, values(operator.output(), step instanceof Step.Plain));
        }
      }
    }

    private byte[] values(Tensor tensor, boolean asBytes) {
      if (asBytes) {
        return workspace.bytes().activation(layout.slots().of(tensor)).clone();
      }
      byte[] values = new byte[tensor.shape().elements()];
      int id = layout.id(tensor);
      int zeroPoint = tensor.requireQuantization().zeroPoint();
      NarrowStep.copy(layout.plane(id), workspace.plane(id), zeroPoint, values);
      return values;
    }

    @Override
    public long workspaceBytes() {
      return workspace.size();
    }
  }
}
