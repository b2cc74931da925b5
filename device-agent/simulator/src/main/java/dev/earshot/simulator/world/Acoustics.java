package dev.earshot.simulator.world;

/**
 * What one device hears and what its detector makes of it, at some fidelity. {@link RateAcoustics}
 * draws counts from measured rates; drawing every score, or running the engine on real audio, are
 * other implementations of the same promise. Used by one thread at a time.
 */
public interface Acoustics {
  /**
   * Lets fleet time pass with that model listening, and adds what happens to {@code into}.
   *
   * @param fromMillis Unix milliseconds of fleet time
   * @param toMillis later or equal
   */
  void advance(long fromMillis, long toMillis, Behaviour behaviour, Interval into);
}
