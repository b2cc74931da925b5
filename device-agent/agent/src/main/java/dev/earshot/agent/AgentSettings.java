package dev.earshot.agent;

import dev.earshot.protocol.trust.TrustAnchors;
import java.time.Duration;

/**
 * How agents behave; one instance serves a whole fleet.
 *
 * @param trust the two roots pinned in the device: whose releases it installs, and whose orders it
 *     obeys
 * @param heartbeatInterval fleet time; an interval may be shorter, never longer
 * @param heartbeatCapacity how many heartbeats wait for a connection, 1 to 10000; beyond it the
 *     oldest is dropped and counted
 * @param checkInPatience fleet time after the trial period within which a check-in must be
 *     acknowledged, else the old model comes back
 * @param fetchAttempts how often in a row a transfer may break off without a byte received before
 *     the update fails
 * @param firstRetryDelay machine time before the first retry of a transfer; doubles with each, with
 *     jitter
 * @param longestRetryDelay machine time; the delay's bound
 */
public record AgentSettings(
    TrustAnchors trust,
    Duration heartbeatInterval,
    int heartbeatCapacity,
    Duration checkInPatience,
    int fetchAttempts,
    Duration firstRetryDelay,
    Duration longestRetryDelay) {

  public AgentSettings {
    positive("heartbeatInterval", heartbeatInterval);
    positive("checkInPatience", checkInPatience);
    positive("firstRetryDelay", firstRetryDelay);
    positive("longestRetryDelay", longestRetryDelay);
    if (heartbeatCapacity < 1 || heartbeatCapacity > 10_000) {
      throw new IllegalArgumentException(
          "heartbeatCapacity: " + heartbeatCapacity + " (expected: 1 to 10000)");
    }
    if (fetchAttempts < 1) {
      throw new IllegalArgumentException("fetchAttempts: " + fetchAttempts + " (expected: >= 1)");
    }
  }

  /**
   * A heartbeat every 15 minutes, a day's worth kept while offline, 6 hours to check in, 8
   * attempts.
   */
  public static AgentSettings defaults(TrustAnchors trust) {
    return new AgentSettings(
        trust,
        Duration.ofMinutes(15),
        96,
        Duration.ofHours(6),
        8,
        Duration.ofSeconds(1),
        Duration.ofMinutes(1));
  }

  /** The same with another heartbeat interval. */
  public AgentSettings withHeartbeatInterval(Duration interval) {
    return new AgentSettings(
        trust,
        interval,
        heartbeatCapacity,
        checkInPatience,
        fetchAttempts,
        firstRetryDelay,
        longestRetryDelay);
  }

  /** The same with room for another number of waiting heartbeats. */
  public AgentSettings withHeartbeatCapacity(int capacity) {
    return new AgentSettings(
        trust,
        heartbeatInterval,
        capacity,
        checkInPatience,
        fetchAttempts,
        firstRetryDelay,
        longestRetryDelay);
  }

  private static void positive(String field, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: longer than zero)");
    }
  }
}
