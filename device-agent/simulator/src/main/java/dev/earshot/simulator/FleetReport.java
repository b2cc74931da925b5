package dev.earshot.simulator;

import dev.earshot.simulator.measure.Measurements;
import dev.earshot.simulator.truth.Fates;
import dev.earshot.simulator.truth.HeartbeatFates;
import dev.earshot.simulator.truth.Truth;

/**
 * All that is known of a fleet, or of a part of it in one process, at one moment. Reports of parts
 * add up to that of the whole: truth and counts to the unit, times exactly as if one process had
 * measured them.
 *
 * @param stats what it does
 * @param truth what really happened
 * @param fates what became of updates and devices
 * @param heartbeats what became of heartbeats; known once the fleet has come to rest
 * @param measurements how well it is served
 * @param use what it costs
 */
public record FleetReport(
    FleetStats stats,
    Truth truth,
    Fates fates,
    HeartbeatFates heartbeats,
    Measurements measurements,
    ProcessUse use) {

  /** Both parts together. */
  public FleetReport plus(FleetReport other) {
    return new FleetReport(
        stats.plus(other.stats),
        truth.plus(other.truth),
        fates.plus(other.fates),
        heartbeats.plus(other.heartbeats),
        measurements.plus(other.measurements),
        use.plus(other.use));
  }
}
