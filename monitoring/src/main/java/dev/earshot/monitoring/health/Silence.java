package dev.earshot.monitoring.health;

import dev.earshot.protocol.v1.DeviceHealth;

/**
 * Which devices are silent: those that missed more than {@value #INTERVALS} of their own reporting
 * intervals in a row. A device that never sent a heartbeat has no interval of its own and is not
 * called silent.
 */
public final class Silence {
  /** Intervals that a device may miss. */
  public static final int INTERVALS = 3;

  private Silence() {}

  /** Whether the device is silent at that time of the fleet's clock. */
  public static boolean isSilent(DeviceHealth device, long nowMillis) {
    return device.getLastHeartbeatMs() > 0
        && nowMillis - device.getLastHeartbeatMs()
            > INTERVALS * Integer.toUnsignedLong(device.getIntervalMs());
  }

  /**
   * The device's own interval after one more heartbeat. A device closes an interval early when its
   * environment or model changes, so shorter ones count for little: the estimate follows a longer
   * interval at once and a shorter one within some tens.
   */
  static int interval(int knownMillis, int reportedMillis) {
    long known = Integer.toUnsignedLong(knownMillis);
    long reported = Integer.toUnsignedLong(reportedMillis);
    return (int) (reported >= known ? reported : known - (known - reported) / 8);
  }
}
