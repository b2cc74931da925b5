package dev.earshot.agent.update;

import dev.earshot.protocol.v1.InstallConditions;

/**
 * When a device may work on an install.
 *
 * @param charging download and swap only while charging
 * @param batteryMinPct download and swap only with at least this charge, 0 to 100; charging counts
 *     as enough, 0 asks for nothing
 * @param idle swap only after a minute without a wake
 * @param dailyBytes at most about so many bytes from the network in a day; 0: no limit
 */
public record Conditions(boolean charging, int batteryMinPct, boolean idle, long dailyBytes) {
  /** Any time will do. */
  public static final Conditions NONE = new Conditions(false, 0, false, 0);

  public Conditions {
    if (batteryMinPct < 0 || batteryMinPct > 100) {
      throw new IllegalArgumentException(
          "battery_min_pct: " + batteryMinPct + " (expected: 0 to 100)");
    }
    if (dailyBytes < 0) {
      throw new IllegalArgumentException("daily_bytes: " + dailyBytes + " (expected: >= 0)");
    }
  }

  /** As the command tells them. */
  public static Conditions of(InstallConditions told) {
    return new Conditions(
        told.getCharging(),
        told.getBatteryMinPct(),
        told.getIdle(),
        Integer.toUnsignedLong(told.getDailyBytes()));
  }

  /** Whether battery or charger matter. */
  public boolean askForPower() {
    return charging || batteryMinPct > 0;
  }
}
