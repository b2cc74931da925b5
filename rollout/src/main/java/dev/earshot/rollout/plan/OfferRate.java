package dev.earshot.rollout.plan;

/**
 * How many devices get an offer in a minute of the fleet's time; grows with success.
 *
 * @param perMinute at the beginning, above 0
 * @param factor growth, at least 1
 * @param everySuccesses committed updates that it takes to grow once, at least 1
 * @param maxPerMinute never more than this, at least {@code perMinute}
 * @param maxDownloads devices of the rollout that may be between offer and complete download at the
 *     same time, at least 1
 */
public record OfferRate(
    double perMinute, double factor, int everySuccesses, double maxPerMinute, int maxDownloads) {
  /** 60 a minute, doubling with every 100 successes up to 6,000; 1,000 downloads at a time. */
  public static final OfferRate DEFAULT = new OfferRate(60, 2, 100, 6_000, 1_000);

  public OfferRate {
    Checks.require(perMinute > 0 && perMinute < 1e9, "offers.per_minute", perMinute, "above 0");
    Checks.require(factor >= 1 && factor <= 100, "offers.factor", factor, "1 to 100");
    Checks.require(everySuccesses >= 1, "offers.every_successes", everySuccesses, "at least 1");
    Checks.require(
        maxPerMinute >= perMinute && maxPerMinute < 1e9,
        "offers.max_per_minute",
        maxPerMinute,
        "at least offers.per_minute, " + perMinute);
    Checks.require(maxDownloads >= 1, "offers.max_downloads", maxDownloads, "at least 1");
  }

  /** The rate after that many committed updates. */
  public double perMinuteAfter(long successes) {
    long growths = successes / everySuccesses;
    return Math.min(perMinute * Math.pow(factor, (double) growths), maxPerMinute);
  }
}
