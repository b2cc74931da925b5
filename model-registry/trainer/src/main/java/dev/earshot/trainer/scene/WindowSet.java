package dev.earshot.trainer.scene;

import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.network.Architecture;
import dev.earshot.trainer.quantize.Affine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Labelled windows of features to learn from. Windows overlap; each is an index into the features
 * of its scene, nothing is copied. Built by one thread, then read by any.
 */
public final class WindowSet {
  /** Classes in the order of the network's outputs. */
  public enum Label {
    WAKE(0),
    SILENCE(1),
    UNKNOWN(2);

    private final int output;

    Label(int output) {
      this.output = output;
    }

    /** Index among the network's outputs. */
    public int output() {
      return output;
    }
  }

  /** Samples from one frame to the next. */
  public static final int HOP = 512;

  /** Samples that one frame looks at. */
  public static final int FRAME = 1024;

  private static final int EARLY = 256;
  private static final int LATE = 5 * HOP;
  private static final int CLEARLY_EARLY = Clip.RATE / 4;
  private static final int CLEARLY_LATE = 9 * Clip.RATE / 20;

  private final int frames;
  private final List<byte[]> tracks = new ArrayList<>();
  private int[] trackOf = new int[1024];
  private int[] firstFrame = new int[1024];
  private byte[] label = new byte[1024];
  private int size;

  /**
   * An empty set.
   *
   * @param frames of each window
   */
  public WindowSet(int frames) {
    this.frames = frames;
  }

  /** Samples that a window of so many frames looks at. */
  public static int span(int frames) {
    return FRAME + (frames - 1) * HOP;
  }

  /** Adds every window of a scene whose label is beyond doubt. */
  public void add(Scene scene, byte[] features) {
    int all = features.length / Architecture.BINS;
    tracks.add(features);
    for (int first = 0; first + frames <= all; first++) {
      int start = first * HOP;
      Label decided = decide(scene, start, start + span(frames));
      if (decided != null) {
        append(first, decided);
      }
    }
  }

  /**
   * A window is a wake when the word is in it (but for a little of its beginning, when it is longer
   * than the window) and ended just now. While the word is being spoken, and some moments after, it
   * is nothing that one would teach; well before its end, it is unknown speech like any other.
   */
  static @Nullable Label decide(Scene scene, int start, int end) {
    int span = end - start;
    for (Scene.Span wake : scene.wakes()) {
      int overlap = wake.overlap(start, end);
      if (overlap == 0) {
        continue;
      }
      int late = end - wake.end();
      int length = wake.end() - wake.start();
      if (late >= -EARLY && late <= LATE) {
        return overlap >= 0.85 * Math.min(length, span) ? Label.WAKE : null;
      }
      boolean clear = late < -CLEARLY_EARLY || late > CLEARLY_LATE;
      return clear && overlap > span / 8 ? Label.UNKNOWN : null;
    }
    int talk = 0;
    for (Scene.Span utterance : scene.talk()) {
      talk += utterance.overlap(start, end);
    }
    if (talk == 0) {
      return Label.SILENCE;
    }
    return talk > span / 5 ? Label.UNKNOWN : null;
  }

  private void append(int first, Label decided) {
    if (size == label.length) {
      trackOf = Arrays.copyOf(trackOf, size * 2);
      firstFrame = Arrays.copyOf(firstFrame, size * 2);
      label = Arrays.copyOf(label, size * 2);
    }
    trackOf[size] = tracks.size() - 1;
    firstFrame[size] = first;
    label[size] = (byte) decided.output();
    size++;
  }

  /** Frames of each window. */
  public int frames() {
    return frames;
  }

  /** How many windows there are. */
  public int size() {
    return size;
  }

  /** The windows of one class. */
  public int[] of(Label wanted) {
    int[] found = new int[size];
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (label[i] == wanted.output()) {
        found[count++] = i;
      }
    }
    return Arrays.copyOf(found, count);
  }

  /** The class of a window. */
  public Label label(int window) {
    return Label.values()[label[window]];
  }

  /** The int8 features of a window, [frames][bins], as the engine's input. */
  public byte[] features(int window) {
    int from = firstFrame[window] * Architecture.BINS;
    return Arrays.copyOfRange(tracks.get(trackOf[window]), from, from + frames * Architecture.BINS);
  }

  /** The same as real numbers. */
  public float[] values(int window) {
    byte[] features = features(window);
    float[] values = new float[features.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Affine.FEATURES.real(features[i]);
    }
    return values;
  }

  /** Writes a window as real numbers, [bins][frames], the layout that training wants. */
  public void transposed(int window, float[] target, int offset) {
    byte[] track = tracks.get(trackOf[window]);
    int from = firstFrame[window] * Architecture.BINS;
    for (int f = 0; f < frames; f++) {
      for (int b = 0; b < Architecture.BINS; b++) {
        target[offset + b * frames + f] =
            Affine.FEATURES.real(track[from + f * Architecture.BINS + b]);
      }
    }
  }
}
