package dev.earshot.rollout.plan;

import dev.earshot.protocol.document.Checks;
import dev.earshot.protocol.document.Numbers;

/**
 * How many devices get an offer in a minute of the fleet's time; grows with success.
 *
 * @param perMinute at the beginning, above 0 to 1e9
 * @param factor growth, at least 1
 * @param everySuccesses committed updates that it takes to grow once, at least 1
 * @param maxPerMinute never more than this, at least {@code perMinute}
 * @param maxDownloads devices of the rollout that may be between offer and complete download at the
 *     same time, at least 1
 */
public record OfferRate(
    double perMinute, double factor, int everySuccesses, double maxPerMinute, int maxDownloads) {
  /**
   * 60 a minute: few have a bad release when the first devices report; doubling with every 100
   * successes, so that speed is earned; up to 6,000, with which a million devices take three hours;
   * 1,000 downloads at a time, which spare a home registry's line.
   */
  public static final OfferRate DEFAULT = new OfferRate(60, 2, 100, 6_000, 1_000);

  private static final double MOST = 1e9;
  private static final String RATES = "above 0 to 1000000000";

  public OfferRate {
    new Checks()
        .require(isRate(perMinute), "offers.per_minute", perMinute, RATES)
        .require(factor >= 1 && factor <= 100, "offers.factor", factor, "1 to 100")
        .require(everySuccesses >= 1, "offers.every_successes", everySuccesses, "at least 1")
        .require(isRate(maxPerMinute), "offers.max_per_minute", maxPerMinute, RATES)
        .fit(
            maxPerMinute >= perMinute,
            "offers.max_per_minute",
            maxPerMinute,
            "at least offers.per_minute, " + Numbers.plain(perMinute),
            "offers.per_minute")
        .require(maxDownloads >= 1, "offers.max_downloads", maxDownloads, "at least 1")
        .done();
  }

  private static boolean isRate(double perMinute) {
    return perMinute > 0 && perMinute <= MOST;
  }

  /** The rate after that many committed updates. */
  public double perMinuteAfter(long successes) {
    long growths = successes / everySuccesses;
    return Math.min(perMinute * Math.pow(factor, (double) growths), maxPerMinute);
  }
}
