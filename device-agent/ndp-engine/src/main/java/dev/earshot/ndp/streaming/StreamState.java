package dev.earshot.ndp.streaming;

/**
 * What one device remembers of its stream: the last rows of each stage's input, as int8: 1,544
 * bytes for the bundled releases, 3,960 for MLPerf Tiny's streaming model. Made by {@link
 * StreamingModel#newState()}; belongs to one device.
 */
public final class StreamState {
  final StreamingModel model;

  /** The windows of all stages, one behind the other, each oldest row first. */
  final byte[] windows;

  /** Frames since the start; stays at the model's window once that is full. */
  int frames;

  StreamState(StreamingModel model) {
    this.model = model;
    this.windows = new byte[model.summary().stateBytes()];
  }

  /** Forgets all frames: the next one is the first of a stream. */
  public void reset() {
    frames = 0;
  }
}
