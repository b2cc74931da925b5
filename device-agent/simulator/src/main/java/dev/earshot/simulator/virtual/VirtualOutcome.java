package dev.earshot.simulator.virtual;

import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.report.RolloutMove;
import dev.earshot.simulator.truth.Fates;
import dev.earshot.simulator.truth.HeartbeatFates;
import dev.earshot.simulator.truth.Truth;
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
    HeartbeatFates heartbeats,
    FleetStats stats,
    List<RolloutMove> moves) {
  public VirtualOutcome {
    moves = List.copyOf(moves);
  }
}
