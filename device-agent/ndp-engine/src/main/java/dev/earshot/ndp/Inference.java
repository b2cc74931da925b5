package dev.earshot.ndp;

import dev.earshot.ndp.kernel.Program;

/**
 * Runs one model, again and again, in one workspace. Belongs to one thread at a time, keeps nothing
 * between runs, allocates nothing in {@link #run(byte[], int, byte[], int)}: all devices of a
 * thread that have the same model can share one.
 */
public final class Inference {
  private final NdpModel model;
  private final Program.Runner runner;

  Inference(NdpModel model, Program.Runner runner) {
    this.model = model;
    this.runner = runner;
  }

  public NdpModel model() {
    return model;
  }

  /**
   * One inference on int8 values in the model's own quantization, row-major.
   *
   * @param input holds {@link NdpModel#inputElements()} values from {@code inputOffset} on
   * @param output receives {@link NdpModel#outputElements()} values from {@code outputOffset} on
   */
  public void run(byte[] input, int inputOffset, byte[] output, int outputOffset) {
    runner.run(input, inputOffset, output, outputOffset);
  }

  /** The same for one whole array; allocates the result. */
  public byte[] run(byte[] input) {
    if (input.length != model.inputElements()) {
      throw new IllegalArgumentException(
          "input: " + input.length + " values (expected: " + model.inputElements() + ")");
    }
    byte[] output = new byte[model.outputElements()];
    run(input, 0, output, 0);
    return output;
  }

  /** Calls back with the output of each operator of the last run, in order. */
  public void trace(Program.Trace trace) {
    runner.trace(trace);
  }

  /** Bytes that it holds to compute in. */
  public long workspaceBytes() {
    return runner.workspaceBytes();
  }
}
