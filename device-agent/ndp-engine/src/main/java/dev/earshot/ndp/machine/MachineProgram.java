package dev.earshot.ndp.machine;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Tensor;
import dev.earshot.ndp.kernel.Program;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.ndp.kernel.Slots;
import dev.earshot.ndp.kernel.Workspace;
import dev.earshot.ndp.plan.LiveChannels;
import java.lang.foreign.MemorySegment;

/** Runs operators in machine code where there is some for them, by their plain kernel otherwise. */
public final class MachineProgram implements Program {
  private final Graph whole;
  private final Graph graph;
  private final Rounding rounding;
  private final Slots slots;
  private final Layout layout;
  private final Step[] steps;
  private final int inputSlot;
  private final int outputSlot;
  private final int inputElements;
  private final int outputElements;

  public MachineProgram(Graph graph, Rounding rounding) {
    this(graph, LiveChannels.of(graph), rounding);
  }

  private MachineProgram(Graph whole, Graph graph, Rounding rounding) {
    this.whole = whole;
    this.graph = graph;
    this.rounding = rounding;
    slots = new Slots(graph.tensorCount());
    layout = new Layout(graph);
    steps = new Compiler(graph, rounding, slots, layout).compile().toArray(Step[]::new);
    inputSlot = slots.of(graph.input());
    outputSlot = slots.of(graph.output());
    inputElements = graph.input().shape().elements();
    outputElements = graph.output().shape().elements();
  }

  /** Whether this machine has the instructions, and its system lets a process write code. */
  public static boolean isPossible() {
    return Machine.RUNS_CODE;
  }

  @Override
  public Runner newRunner() {
    return runner();
  }

  private MachineRunner runner() {
    int accumulators = 0;
    for (Step step : steps) {
      if (step instanceof Step.Plain plain) {
        accumulators = Math.max(accumulators, plain.kernel().accumulators());
      }
    }
    return new MachineRunner(layout.newWorkspace(), new Workspace(slots, accumulators));
  }

  private final class MachineRunner implements Runner {
    private final MemorySegment planes;
    private final Workspace bytes;

    MachineRunner(MemorySegment planes, Workspace bytes) {
      this.planes = planes;
      this.bytes = bytes;
    }

    private byte[] input() {
      return bytes.activation(inputSlot);
    }

    @Override
    public void run(byte[] input, int inputOffset, byte[] output, int outputOffset) {
      System.arraycopy(input, inputOffset, input(), 0, inputElements);
      // Over an array: a list's iterator would be an allocation per inference.
      for (Step step : steps) {
        step.run(planes, bytes);
      }
      System.arraycopy(bytes.activation(outputSlot), 0, output, outputOffset, outputElements);
    }

    @Override
    public void trace(Trace trace) {
      if (whole != graph) {
        // With all channels, those too that never change.
        MachineRunner all = new MachineProgram(whole, whole, rounding).runner();
        byte[] output = new byte[outputElements];
        all.run(input(), 0, output, 0);
        all.trace(trace);
        return;
      }
      // Every activation has a place of its own.
      for (Operator operator : graph.operators()) {
        if (!(operator instanceof Operator.Reshape)) {
          trace.operator(operator, values(operator.output()));
        }
      }
    }

    private byte[] values(Tensor tensor) {
      if (!layout.has(tensor)) {
        return bytes.activation(slots.of(tensor)).clone();
      }
      byte[] values = new byte[tensor.shape().elements()];
      Step.Store.copy(planes, layout.of(tensor), values);
      return values;
    }

    @Override
    public long workspaceBytes() {
      return planes.byteSize() + bytes.bytes();
    }
  }
}
