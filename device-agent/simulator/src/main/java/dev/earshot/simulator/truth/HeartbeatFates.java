package dev.earshot.simulator.truth;

/**
 * What became of a fleet's heartbeats.
 *
 * @param made intervals closed
 * @param acknowledged taken over by the gateway, and known to be by the device
 * @param dropped given up because too many waited
 * @param waiting not acknowledged in the end
 * @param unmade intervals that the power ended before they were a heartbeat
 */
public record HeartbeatFates(
    long made, long acknowledged, long dropped, long waiting, long unmade) {
  public static final HeartbeatFates NONE = new HeartbeatFates(0, 0, 0, 0, 0);

  /** Those of two disjoint sets of devices. */
  public HeartbeatFates plus(HeartbeatFates other) {
    return new HeartbeatFates(
        made + other.made,
        acknowledged + other.acknowledged,
        dropped + other.dropped,
        waiting + other.waiting,
        unmade + other.unmade);
  }

  /** Lost with the power while they waited. */
  public long destroyed() {
    return made - acknowledged - dropped - waiting;
  }

  /** Whether every interval in which something happened was acknowledged. */
  public boolean allAcknowledged() {
    return made == acknowledged && unmade == 0;
  }
}
