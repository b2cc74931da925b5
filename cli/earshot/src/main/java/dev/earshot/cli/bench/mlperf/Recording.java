package dev.earshot.cli.bench.mlperf;

import dev.earshot.ndp.frontend.FrontEndParameters;
import java.nio.file.Path;
import java.util.List;

/**
 * Audio in which a wake word is spoken at known times. The benchmark's front end makes a frame
 * every {@link #HOP} samples, and every frame from the first full window on gives an inference.
 *
 * @param wav its file
 * @param samples its length
 * @param words when the word is spoken, ascending
 */
record Recording(Path wav, int samples, List<Word> words) {
  static final FrontEndParameters FRONT_END = FrontEndParameters.STREAMING_WAKE_WORD;

  /** Samples a second. */
  static final int RATE = FRONT_END.sampleRateHz();

  /** Samples from one frame to the next. */
  static final int HOP = FRONT_END.hopSamples();

  /** Frames under the model's window. */
  static final int WINDOW_FRAMES = 30;

  /**
   * The word is spoken.
   *
   * @param startSeconds from the recording's beginning
   * @param endSeconds after the start
   */
  record Word(double startSeconds, double endSeconds) {
    Word {
      if (!(startSeconds >= 0 && endSeconds > startSeconds && endSeconds < 1e5)) {
        throw new IllegalArgumentException(
            "detection window: ["
                + startSeconds
                + ", "
                + endSeconds
                + "] (expected: start and end in seconds, the end after the start)");
      }
    }
  }

  Recording {
    words = List.copyOf(words);
  }

  String name() {
    return wav.getFileName().toString();
  }

  double seconds() {
    return (double) samples / RATE;
  }

  /** Inferences that the recording gives. */
  int inferences() {
    return (int) Math.max(0, FRONT_END.frames(samples) - WINDOW_FRAMES + 1);
  }

  /** The sample at which the window of an inference ends; the first inference is 0. */
  static int windowEnd(int inference) {
    return (inference + WINDOW_FRAMES - 1) * HOP + FRONT_END.windowSamples();
  }
}
