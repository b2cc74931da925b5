package dev.earshot.ndp;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.kernel.PlainProgram;
import dev.earshot.ndp.kernel.Program;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.ndp.machine.MachineProgram;
import dev.earshot.ndp.vector.VectorProgram;
import java.util.Arrays;
import java.util.List;

/** By what a model is run, from slow to fast. The results are the same, bit for bit. */
public enum Execution {
  /** The plain kernels: plain Java on int8 values, written to be read. */
  PLAIN {
    @Override
    public boolean isPossible() {
      return true;
    }

    @Override
    Program programOf(Graph graph, Rounding rounding) {
      return new PlainProgram(graph, rounding);
    }
  },
  /** The Vector API; needs a JVM with {@code --add-modules jdk.incubator.vector}. */
  VECTOR {
    @Override
    public boolean isPossible() {
      return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    @Override
    Program programOf(Graph graph, Rounding rounding) {
      return new VectorProgram(graph, rounding);
    }
  },
  /**
   * Machine code that is written when a model is loaded; needs Linux on a processor with AVX-512
   * VNNI, and a JVM with {@code --enable-native-access=ALL-UNNAMED}.
   */
  MACHINE {
    @Override
    public boolean isPossible() {
      return Execution.class.getModule().isNativeAccessEnabled() && MachineProgram.isPossible();
    }

    @Override
    Program programOf(Graph graph, Rounding rounding) {
      return new MachineProgram(graph, rounding);
    }
  };

  /** Whether this machine and the options of this JVM let it. */
  public abstract boolean isPossible();

  abstract Program programOf(Graph graph, Rounding rounding);

  /** All that are possible. */
  public static List<Execution> possible() {
    return Arrays.stream(values()).filter(Execution::isPossible).toList();
  }

  /** The fastest that is possible. */
  public static Execution best() {
    return possible().getLast();
  }

  Program program(Graph graph, Rounding rounding) {
    if (!isPossible()) {
      throw new IllegalStateException(
          "%s is not possible here (expected: one of %s)".formatted(this, possible()));
    }
    return programOf(graph, rounding);
  }
}
