package dev.earshot.trainer.scene;

import java.util.List;

/**
 * A minute or so of one place: what a microphone there would record, and where in it somebody said
 * something. The array is shared, not copied.
 *
 * @param pcm 16 kHz, 16 bit
 * @param wakes where the wake word is spoken
 * @param talk where anything else is spoken
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes, written once by the composer
public record Scene(short[] pcm, List<Span> wakes, List<Span> talk) {
  public Scene {
    wakes = List.copyOf(wakes);
    talk = List.copyOf(talk);
  }

  /** From sample {@code start}, up to but without sample {@code end}. */
  public record Span(int start, int end) {
    /** How many samples this shares with another. */
    public int overlap(int otherStart, int otherEnd) {
      return Math.max(0, Math.min(end, otherEnd) - Math.max(start, otherStart));
    }
  }
}
