package dev.earshot.ndp.streaming;

import dev.earshot.ndp.kernel.Program;

/**
 * Runs a {@link StreamingModel} on the streams of any number of devices. Belongs to one thread at a
 * time, keeps nothing between calls, allocates nothing in {@link #accept}.
 */
public final class StreamingInference {
  private final StreamingModel model;
  private final StreamingModel.Stage[] stages;
  private final Program.Runner[] runners;

  StreamingInference(StreamingModel model, StreamingModel.Stage[] stages) {
    this.model = model;
    this.stages = stages;
    this.runners = new Program.Runner[stages.length];
    for (int i = 0; i < stages.length; i++) {
      runners[i] = stages[i].program().newRunner();
    }
  }

  public StreamingModel model() {
    return model;
  }

  /**
   * Takes the next frame of a stream.
   *
   * @param state the stream's; made by this model
   * @param frame holds {@link StreamingModel#frameElements()} int8 values from {@code frameOffset}
   * @param output receives {@link StreamingModel#outputElements()} int8 values from {@code
   *     outputOffset} on: exactly what the model gives for the last window of frames
   * @return whether there is an output: from the first full window on, with every frame
   */
  public boolean accept(
      StreamState state, byte[] frame, int frameOffset, byte[] output, int outputOffset) {
    if (state.model != model) {
      throw new IllegalArgumentException("state: of another model (expected: of this one)");
    }
    byte[] windows = state.windows;
    int frames = Math.min(state.frames + 1, model.windowFrames());
    state.frames = frames;
    StreamingModel.Stage stage = stages[0];
    shift(windows, stage);
    System.arraycopy(frame, frameOffset, windows, stage.newestRow(), stage.rowElements());
    int last = stages.length - 1;
    for (int i = 0; i < last; i++) {
      if (frames < stage.warmUpFrames()) {
        return false;
      }
      StreamingModel.Stage next = stages[i + 1];
      shift(windows, next);
      runners[i].run(windows, stage.offset(), windows, next.newestRow());
      stage = next;
    }
    if (frames < stage.warmUpFrames()) {
      return false;
    }
    runners[last].run(windows, stage.offset(), output, outputOffset);
    return true;
  }

  /**
   * Makes room for a newest row. Copying is cheaper than a ring: rows that lie in order are read by
   * the kernels in place.
   */
  private static void shift(byte[] windows, StreamingModel.Stage stage) {
    int row = stage.rowElements();
    System.arraycopy(
        windows, stage.offset() + row, windows, stage.offset(), stage.elements() - row);
  }
}
