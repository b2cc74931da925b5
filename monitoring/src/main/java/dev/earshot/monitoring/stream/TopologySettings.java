package dev.earshot.monitoring.stream;

import dev.earshot.monitoring.health.SeriesBudget;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What the topology is given.
 *
 * @param clock the fleet's
 * @param grace how late an interval may come and still be counted when it ended, fleet time
 * @param retention how long windows are kept, fleet time
 * @param labels how many label sets a partition keeps apart
 * @param boards where counts are put up for readers
 * @param metrics what this process did
 */
record TopologySettings(
    InstantSource clock,
    Duration grace,
    Duration retention,
    SeriesBudget labels,
    Boards boards,
    IntakeMetrics metrics) {}
