package dev.earshot.simulator.device;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A device's wall clock: the fleet's, but for what is wrong with it. One that was reset counts from
 * 1970 until it is synchronised again, an hour later. Used on the device's loop.
 */
final class DeviceClock implements InstantSource {
  /** How often small devices ask a time server (SNTP; the usual setting of lwIP). */
  private static final long SYNCHRONISED_AFTER_MILLIS = Duration.ofHours(1).toMillis();

  private final InstantSource fleet;
  private final FaultDice dice;
  private long lastReset = Long.MIN_VALUE;
  private long nextReset;

  DeviceClock(InstantSource fleet, FaultDice dice) {
    this.fleet = fleet;
    this.dice = dice;
    this.nextReset = after(fleet.millis());
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    long now = fleet.millis();
    while (now >= nextReset) {
      lastReset = nextReset;
      nextReset = after(now);
    }
    boolean isReset = lastReset != Long.MIN_VALUE && now - lastReset < SYNCHRONISED_AFTER_MILLIS;
    return isReset ? now - lastReset : now + dice.clockErrorMillis(now);
  }

  private long after(long now) {
    Duration until = dice.untilClockReset();
    return until.isNegative() ? Long.MAX_VALUE : now + until.toMillis();
  }
}
