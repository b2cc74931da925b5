package dev.earshot.simulator;

import dev.earshot.simulator.device.FleetTally;
import java.util.Map;
import java.util.TreeMap;

/**
 * A fleet at one moment.
 *
 * @param devices how many there are
 * @param connected how many have a session
 * @param connects sessions that came up so far
 * @param connectionsLost sessions that ended or never came up
 * @param heartbeatsPublished publications, repetitions included
 * @param heartbeatsAcknowledged heartbeats acknowledged by the gateway, each once
 * @param commands commands delivered, repetitions included
 * @param powerCuts how often a device lost its power
 * @param byRelease how many devices listen with each release ({@code name:version})
 * @param byUpdateState how many devices reported each update state last ({@code committed}, {@code
 *     trial}, ...); devices that never updated are not in it
 */
public record FleetStats(
    int devices,
    long connected,
    long connects,
    long connectionsLost,
    long heartbeatsPublished,
    long heartbeatsAcknowledged,
    long commands,
    long powerCuts,
    Map<String, Long> byRelease,
    Map<String, Long> byUpdateState) {

  /** What so many devices do at this moment. */
  public static FleetStats of(int devices, FleetTally tally) {
    return new FleetStats(
        devices,
        tally.connected(),
        tally.connects(),
        tally.connectionsLost(),
        tally.heartbeatsPublished(),
        tally.heartbeatsAcknowledged(),
        tally.commands(),
        tally.powerCuts(),
        tally.devicesByRelease(),
        tally.devicesByUpdateState());
  }

  /** Both parts of a fleet together. */
  FleetStats plus(FleetStats other) {
    return new FleetStats(
        devices + other.devices,
        connected + other.connected,
        connects + other.connects,
        connectionsLost + other.connectionsLost,
        heartbeatsPublished + other.heartbeatsPublished,
        heartbeatsAcknowledged + other.heartbeatsAcknowledged,
        commands + other.commands,
        powerCuts + other.powerCuts,
        sum(byRelease, other.byRelease),
        sum(byUpdateState, other.byUpdateState));
  }

  private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
    Map<String, Long> sums = new TreeMap<>(one);
    other.forEach((label, count) -> sums.merge(label, count, Long::sum));
    return sums;
  }
}
