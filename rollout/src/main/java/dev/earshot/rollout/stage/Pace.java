package dev.earshot.rollout.stage;

import dev.earshot.rollout.plan.OfferRate;
import java.time.Duration;

/**
 * How fast the clocks of a stage start. A stage releases a growing share of the pace hash, from 0
 * to 1; a device's clock starts (with a real offer or a sham one) when its own pace lies below. So
 * the limit holds over all partitions without a shared counter, both arms fill alike, and a device
 * that joins late starts at once.
 */
public final class Pace {
  private Pace() {}

  /**
   * The share released after some more time.
   *
   * @param released the share before, 0 to 1
   * @param elapsed fleet time since
   * @param drawn devices that get a real offer in this stage, offered or waiting
   * @param downloaded those of them that need the registry no more: what was released and is not
   *     among them may be loading, so never more than the rate's {@code maxDownloads} are
   * @param successes updates committed in the whole rollout
   */
  public static double advance(
      double released,
      OfferRate rate,
      Duration elapsed,
      long drawn,
      long downloaded,
      long successes) {
    double devices = Math.max(1, drawn);
    double offers = rate.perMinuteAfter(successes) * elapsed.toMillis() / 60_000.0;
    double room = (downloaded + (double) rate.maxDownloads()) / devices;
    return Math.max(released, Math.min(1, Math.min(released + offers / devices, room)));
  }
}
