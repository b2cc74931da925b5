package dev.earshot.simulator.scenario;

import java.time.Duration;
import java.util.Set;

/**
 * Something that goes wrong.
 *
 * @param kind what
 * @param rate how often: a probability for faults that hit messages, downloads, updates or devices;
 *     events for each device and day for those that hit in time
 * @param magnitude how much, in the kind's own unit; 0 where the kind has none
 * @param from fleet time since the start
 * @param until fleet time since the start; the scenario's end when later
 * @param groups which groups it may hit; empty: all
 */
public record Fault(
    Kind kind, double rate, double magnitude, Duration from, Duration until, Set<String> groups) {
  public Fault {
    groups = Set.copyOf(groups);
  }

  /** What goes wrong; the unit of rate and magnitude stands beside it. */
  public enum Kind {
    /** rate: probability for each publication. */
    PACKET_LOSS,
    /** rate: probability for each publication; magnitude: mean milliseconds. */
    LATENCY,
    /** rate: share of the devices; magnitude: bytes for each second of downloads. */
    BANDWIDTH,
    /** rate: losses of the connection for each device and day. */
    FLAPPING,
    /** rate: share of the devices that lose their connection at {@code from}, all at once. */
    RECONNECT_STORM,
    /** rate: share of the gateways that are away from {@code from} until {@code until}. */
    GATEWAY_LOSS,
    /** rate: share of the devices; magnitude: seconds that their wall clock is wrong by. */
    CLOCK_SKEW,
    /** rate: resets of the wall clock to 1970 for each device and day. */
    CLOCK_RESET,
    /** rate: probability for each update; magnitude: at which byte of the download. */
    POWER_LOSS_IN_DOWNLOAD,
    /** rate: probability for each update, at any of its writes to flash. */
    POWER_LOSS_IN_UPDATE,
    /** rate: cuts for each device and day, at any time. */
    POWER_LOSS,
    /** rate: probability for each update that one byte arrives changed. */
    CORRUPT_CHUNK,
    /** rate: share of the devices; magnitude: bytes that are left in a slot. */
    FULL_FLASH,
    /** rate: probability for each heartbeat. */
    DUPLICATE_HEARTBEAT,
    /** rate: probability for each heartbeat that it overtakes the one before. */
    REORDERED_HEARTBEAT,
    /** rate: probability for each committed update that the device never boots again. */
    BRICK,
    /** rate: share of the devices; magnitude: share of the capacity that is lost in a day. */
    BATTERY_AGEING
  }
}
