package dev.earshot.simulator.world;

import dev.earshot.agent.port.ActiveModel;

/**
 * What one device hears and what its detector makes of it, at some fidelity. {@link RateAcoustics}
 * draws counts from measured rates, {@link ScoreAcoustics} every event's score, {@link
 * AudioAcoustics} runs the engine on real audio. Used by one thread at a time.
 */
public interface Acoustics {
  /** From now on that model listens; whoever draws from its evaluation need not know it. */
  default void use(ActiveModel model) {
    // behaviours say enough
  }

  /**
   * Lets fleet time pass with that model listening, and adds what happens to {@code into}.
   *
   * @param fromMillis Unix milliseconds of fleet time
   * @param toMillis later or equal
   */
  void advance(long fromMillis, long toMillis, Behaviour behaviour, Interval into);
}
