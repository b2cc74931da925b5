package dev.earshot.rollout.preview;

import dev.earshot.rollout.plan.OfferRate;
import java.util.ArrayList;
import java.util.List;

/**
 * How long the offers of a stage take: the rate is a staircase that grows whenever enough updates
 * are committed, each some time after its offer. Exact for that staircase, in as many steps as the
 * rate grows.
 */
final class OfferForecast {
  /** Assumed, so that the limit on concurrent downloads becomes a rate. */
  static final double DOWNLOAD_MINUTES = 1;

  private final OfferRate rate;
  private final long successesBefore;
  private final double lagMinutes;
  private final List<Step> steps = new ArrayList<>();

  /** From {@code minute} on, when {@code offers} were out, offers go out at {@code perMinute}. */
  private record Step(double minute, double offers, double perMinute) {
    double minuteOf(double offer) {
      return minute + (offer - offers) / perMinute;
    }
  }

  private OfferForecast(OfferRate rate, long successesBefore, double lagMinutes) {
    this.rate = rate;
    this.successesBefore = successesBefore;
    this.lagMinutes = lagMinutes;
  }

  /**
   * Minutes until all offers are out.
   *
   * @param devices to be offered, at least 0
   * @param successesBefore updates committed in earlier stages
   * @param lagMinutes from an offer to its commit, at least 0
   */
  static double minutes(OfferRate rate, double devices, long successesBefore, double lagMinutes) {
    return new OfferForecast(rate, successesBefore, lagMinutes).run(devices);
  }

  private double run(double devices) {
    long successes = successesBefore;
    Step step = new Step(0, 0, perMinute(successes));
    steps.add(step);
    while (step.perMinute() < perMinute(Long.MAX_VALUE / 2)) {
      long next = (successes / rate.everySuccesses() + 1) * rate.everySuccesses();
      double offer = next - successesBefore;
      double grows = minuteOf(offer) + lagMinutes;
      if (step.minuteOf(devices) <= grows) {
        break;
      }
      double out = step.offers() + (grows - step.minute()) * step.perMinute();
      successes = next;
      step = new Step(grows, out, perMinute(successes));
      steps.add(step);
    }
    return step.minuteOf(devices);
  }

  private double minuteOf(double offer) {
    for (int i = steps.size() - 1; i > 0; i--) {
      if (steps.get(i).offers() <= offer) {
        return steps.get(i).minuteOf(offer);
      }
    }
    return steps.getFirst().minuteOf(offer);
  }

  private double perMinute(long successes) {
    return Math.min(rate.perMinuteAfter(successes), rate.maxDownloads() / DOWNLOAD_MINUTES);
  }
}
