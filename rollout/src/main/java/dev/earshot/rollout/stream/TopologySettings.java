package dev.earshot.rollout.stream;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.rollout.StreamMetrics;
import dev.earshot.rollout.assignment.Orders;
import java.time.Duration;

/**
 * What the topology needs to know.
 *
 * @param clock the fleet's clock; its machine side paces the looks
 * @param partitions of the device topics
 * @param orders writes commands
 * @param tick how often time is looked at, machine time
 * @param resendAfter an unanswered command is not repeated sooner, machine time
 * @param metrics counts what happens
 */
public record TopologySettings(
    FleetClock clock,
    int partitions,
    Orders orders,
    Duration tick,
    Duration resendAfter,
    StreamMetrics metrics) {}
