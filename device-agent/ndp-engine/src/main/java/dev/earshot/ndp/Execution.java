package dev.earshot.ndp;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.kernel.PlainProgram;
import dev.earshot.ndp.kernel.Program;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.ndp.vector.VectorProgram;

/** By what a model is run. The results are the same, bit for bit. */
public enum Execution {
  /** The plain kernels: plain Java on int8 values, written to be read. */
  PLAIN {
    @Override
    Program program(Graph graph, Rounding rounding) {
      return new PlainProgram(graph, rounding);
    }
  },
  /** The Vector API; needs a JVM with {@code --add-modules jdk.incubator.vector}. */
  VECTOR {
    @Override
    Program program(Graph graph, Rounding rounding) {
      if (!isPossible()) {
        throw new IllegalStateException(
            "the Vector API is not there (start the JVM with --add-modules jdk.incubator.vector)");
      }
      return new VectorProgram(graph, rounding);
    }
  };

  private static boolean isPossible() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** The fastest that this JVM can do. */
  public static Execution best() {
    return isPossible() ? VECTOR : PLAIN;
  }

  abstract Program program(Graph graph, Rounding rounding);
}
