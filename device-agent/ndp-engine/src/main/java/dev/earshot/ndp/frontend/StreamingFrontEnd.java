package dev.earshot.ndp.frontend;

/**
 * Turns a stream of samples into frames of features, in chunks of any size: the frames depend on
 * the samples only. Keeps one window of audio per device (1 to 2 KiB) and room for one frame. Not
 * thread-safe; allocates nothing while it runs.
 */
public final class StreamingFrontEnd {
  private final FrontEnd frontEnd;
  private final int hopSamples;

  /** The current window, preceded by the sample before it. */
  private final short[] buffer;

  private final float[] features;
  private int filled = 1;
  private long frames;

  /**
   * @param frontEnd the arithmetic, which devices of the same thread may share
   */
  public StreamingFrontEnd(FrontEnd frontEnd) {
    this.frontEnd = frontEnd;
    hopSamples = frontEnd.parameters().hopSamples();
    buffer = new short[frontEnd.parameters().windowSamples() + 1];
    features = new float[frontEnd.parameters().features()];
  }

  /**
   * Receives a frame. The array is only valid during the call.
   *
   * @param <C> what the caller of {@link #accept} hands through, so that a sink needs no state
   */
  @FunctionalInterface
  public interface FrameSink<C> {
    /**
     * One window is complete.
     *
     * @param frameIndex counts from 0; its window starts at {@code frameIndex * hopSamples}
     * @param features as {@link FrontEnd#compute} gives them
     * @param context as given to {@link #accept}
     */
    void frame(long frameIndex, float[] features, C context);
  }

  /** Takes samples and calls back for every window that they complete. */
  public <C> void accept(
      short[] pcm, int offset, int length, C context, FrameSink<? super C> sink) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int taken = Math.min(end - at, buffer.length - filled);
      System.arraycopy(pcm, at, buffer, filled, taken);
      filled += taken;
      at += taken;
      if (filled == buffer.length) {
        frontEnd.compute(buffer, 0, features);
        System.arraycopy(buffer, hopSamples, buffer, 0, buffer.length - hopSamples);
        filled -= hopSamples;
        sink.frame(frames++, features, context);
      }
    }
  }

  /** Frames so far. */
  public long frames() {
    return frames;
  }

  /** Forgets all audio: the next sample is the first of a stream. */
  public void reset() {
    filled = 1;
    frames = 0;
    buffer[0] = 0;
  }
}
