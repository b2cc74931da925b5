package dev.earshot.ndp.vector;

import dev.earshot.ndp.kernel.Kernel;

/**
 * One step of a vector program: immutable and shared by all threads; what changes lives in the
 * {@link VectorWorkspace} of the calling thread. Runs allocate nothing.
 */
sealed interface Step
    permits AddStep,
        AveragePoolStep,
        ClearStep,
        ConvolutionStep,
        DenseStep,
        DepthwiseStep,
        Step.Plain,
        NarrowStep,
        WidenStep,
        WinogradStep {

  void run(VectorWorkspace workspace);

  /** Floats of sums that it needs while it runs. */
  default int sums() {
    return 0;
  }

  /** Floats of widened weights that it needs while it runs. */
  default int weights() {
    return 0;
  }

  /** Floats of transformed inputs that it needs while it runs. */
  default int patches() {
    return 0;
  }

  /** Floats of sums over channels of transformed inputs that it needs while it runs. */
  default int products() {
    return 0;
  }

  /** An operator by its plain kernel, on bytes. */
  record Plain(Kernel kernel) implements Step {
    @Override
    public void run(VectorWorkspace workspace) {
      kernel.run(workspace.bytes());
    }
  }
}
