package dev.earshot.simulator.virtual;

import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.truth.Fates;
import dev.earshot.simulator.truth.Truth;
import java.time.Duration;
import java.util.List;

/**
 * What came of a run.
 *
 * @param hash SHA-256 of the event log, hex: the same for the same scenario on any machine
 * @param events entries of that log
 * @param truth what really happened
 * @param fates what became of updates and devices
 * @param heartbeats what became of heartbeats
 * @param stats what could be watched
 * @param moves of rollouts, in their order
 */
public record VirtualOutcome(
    String hash,
    long events,
    Truth truth,
    Fates fates,
    Heartbeats heartbeats,
    FleetStats stats,
    List<Move> moves) {
  public VirtualOutcome {
    moves = List.copyOf(moves);
  }

  /**
   * What became of heartbeats.
   *
   * @param made intervals closed
   * @param acknowledged taken over by the gateway, and known to be by the device
   * @param dropped given up because too many waited
   * @param waiting not acknowledged in the end
   */
  public record Heartbeats(long made, long acknowledged, long dropped, long waiting) {
    /** Lost with the power while they waited. */
    public long destroyed() {
      return made - acknowledged - dropped - waiting;
    }
  }

  /**
   * A rollout's step.
   *
   * @param state the word of the state that it is in from then on, lower case
   * @param stage from 1; 0 before the first
   * @param at fleet time since the start
   */
  public record Move(String rollout, String state, int stage, Duration at) {}
}
