package dev.earshot.ndp.frontend;

/**
 * Turns a stream of samples into frames of features, in chunks of any size: the frames depend on
 * the samples only. Keeps one window of audio (2 KiB) per device. Not thread-safe; allocates
 * nothing while it runs.
 */
public final class StreamingFrontEnd {
  private final LogMel logMel;
  private final int windowSamples;
  private final int hopSamples;

  /** The current window, preceded by the sample before it. */
  private final short[] buffer;

  private final float[] features;
  private int filled = 1;
  private long frames;

  public StreamingFrontEnd(LogMel logMel) {
    this.logMel = logMel;
    windowSamples = logMel.parameters().windowSamples();
    hopSamples = logMel.parameters().hopSamples();
    buffer = new short[windowSamples + 1];
    features = new float[logMel.parameters().melBins()];
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
     * @param features one value in [0, 1] per mel bin
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
        logMel.compute(buffer, 0, features);
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
