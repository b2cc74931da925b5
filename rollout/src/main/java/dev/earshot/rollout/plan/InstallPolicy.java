package dev.earshot.rollout.plan;

import dev.earshot.protocol.document.Checks;
import dev.earshot.protocol.document.Sizes;
import dev.earshot.protocol.v1.InstallConditions;

/**
 * When a device may work on an update, for the sake of its battery, its owner and its data plan. A
 * way back never waits.
 *
 * @param charging downloads and swaps only while it charges
 * @param batteryPercent downloads and swaps only with that much charge, 0 to 100; charging counts
 *     as enough
 * @param idle swaps only when nothing was detected for a minute
 * @param dailyBytes at most so much from the network per day of fleet time, up to 1 GB; 0: no limit
 */
public record InstallPolicy(boolean charging, int batteryPercent, boolean idle, long dailyBytes) {
  /** Nothing to wait for: who says nothing wants the release out. */
  public static final InstallPolicy ANYTIME = new InstallPolicy(false, 0, false, 0);

  private static final long MOST_DAILY = 1_000_000_000;

  public InstallPolicy {
    new Checks()
        .require(
            batteryPercent >= 0 && batteryPercent <= 100,
            "install.battery_percent",
            batteryPercent,
            "0 to 100")
        .require(
            dailyBytes >= 0 && dailyBytes <= MOST_DAILY,
            "install.daily_bytes",
            Sizes.format(dailyBytes),
            "0B to " + Sizes.format(MOST_DAILY))
        .done();
  }

  /** Whether a device may have to wait. */
  public boolean asksAnything() {
    return !equals(ANYTIME);
  }

  /** As an order to install carries it. */
  public InstallConditions conditions() {
    return InstallConditions.newBuilder()
        .setCharging(charging)
        .setBatteryMinPct(batteryPercent)
        .setIdle(idle)
        .setDailyBytes(Math.toIntExact(dailyBytes))
        .build();
  }
}
