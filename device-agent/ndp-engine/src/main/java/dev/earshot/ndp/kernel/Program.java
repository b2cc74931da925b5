package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Operator;

/**
 * A graph prepared for running: packed weights and precomputed multipliers. Immutable; one program
 * serves all threads and devices, each thread with its own {@link Runner}.
 */
public interface Program {
  /** A new runner with its own workspace, for one thread at a time. */
  Runner newRunner();

  /** Runs the program. Not thread-safe; allocates nothing. */
  interface Runner {
    /** One inference: reads the input at {@code inputOffset}, writes the output. */
    void run(byte[] input, int inputOffset, byte[] output, int outputOffset);

    /**
     * Calls back with the output of each operator of the last inference, in order: for tests and
     * debugging. Reshapes have no value of their own and are left out.
     */
    void trace(Trace trace);

    /** What the runner holds to compute in, in bytes. */
    long workspaceBytes();
  }

  /** Receives the output of one operator. */
  @FunctionalInterface
  interface Trace {
    void operator(Operator operator, byte[] output);
  }
}
