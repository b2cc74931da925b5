package dev.earshot.trainer.audio;

import java.util.random.RandomGenerator;

/**
 * The echo of a room: the direct sound and sparse reflections that thin out and fade exponentially.
 * Not a model of any room's geometry; enough that the network does not rely on dry speech.
 */
public final class Room {
  private final int[] delays;
  private final float[] gains;

  /**
   * @param reverberationMillis until the reflections are 60 dB down; 0 is the open air
   * @param reflections energy of all reflections against the direct sound, 0 to 1
   */
  public Room(RandomGenerator random, double reverberationMillis, double reflections) {
    int taps = reverberationMillis <= 0 ? 0 : 28;
    delays = new int[taps];
    gains = new float[taps];
    double energy = 0;
    for (int i = 0; i < taps; i++) {
      double millis =
          2 + (reverberationMillis * 0.7 - 2) * Math.pow((i + random.nextDouble()) / taps, 1.5);
      delays[i] = (int) (Math.max(1, millis) * Clip.RATE / 1000);
      double fade = Math.pow(10, -3 * millis / reverberationMillis);
      gains[i] = (float) (fade * (random.nextBoolean() ? 1 : -1) * Seeds.between(random, 0.5, 1));
      energy += gains[i] * gains[i];
    }
    for (int i = 0; i < taps; i++) {
      gains[i] *= (float) Math.sqrt(reflections / energy);
    }
  }

  /** The clip as it sounds in this room, as long as before: the tail after its end is cut. */
  public Clip play(Clip dry) {
    float[] in = dry.samples();
    float[] out = in.clone();
    for (int t = 0; t < delays.length; t++) {
      float gain = gains[t];
      int delay = delays[t];
      for (int i = delay; i < out.length; i++) {
        out[i] += gain * in[i - delay];
      }
    }
    return new Clip(out);
  }
}
