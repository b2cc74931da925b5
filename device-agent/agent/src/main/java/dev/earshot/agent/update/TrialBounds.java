package dev.earshot.agent.update;

import java.util.Optional;

/**
 * What a model on trial must not do. These are sanity bounds against the plainly broken, on one
 * device; whether a release is better is the rollout's gate's to find out, over many.
 *
 * <ul>
 *   <li>Wakes: their rate is above 120 an hour, beyond chance.
 *   <li>False accepts: in some environment their rate is above eight times the old model's there,
 *       beyond chance. Without history of the old model in that environment this says nothing.
 *   <li>Energy: the chip's mean power is above four times the old model's, both over at least ten
 *       minutes.
 * </ul>
 *
 * <p>"Beyond chance": Chernoff's bound on the probability of seeing so many or more, were the rate
 * just at the limit (Poisson for wakes; for false accepts binomial given the sum of both models'
 * counts), is below 1e-6. Looked at after each interval, a model within the limits comes back by
 * mistake in a trial of n intervals in E environments with a chance below n (1 + E) 1e-6: under 1
 * in 2,000 for a day's trial of 96 intervals in four environments.
 */
public final class TrialBounds {
  static final double MOST_WAKES_PER_HOUR = 120;
  static final double MOST_FALSE_ACCEPT_RATIO = 8;
  static final double MOST_POWER_RATIO = 4;
  private static final double CHANCE = 1e-6;
  private static final long ENOUGH_FOR_POWER_MILLIS = 600_000;
  private static final double MILLIS_PER_HOUR = 3_600_000;

  private TrialBounds() {}

  /** What is wrong with a model that did {@code now}, after one that did {@code before}. */
  public static Optional<String> broken(Figures before, Figures now) {
    return wakes(now)
        .or(
            () ->
                now.places().stream()
                    .flatMap(place -> falseAccepts(before.in(place.environment()), place).stream())
                    .findFirst())
        .or(() -> power(before, now));
  }

  private static Optional<String> wakes(Figures now) {
    double hours = now.listeningMillis() / MILLIS_PER_HOUR;
    long wakes = now.places().stream().mapToLong(Figures.Place::wakes).sum();
    return poissonTail(wakes, MOST_WAKES_PER_HOUR * hours) < CHANCE
        ? Optional.of(
            "%d wakes in %.2f h of listening (expected: at most %.0f/h)"
                .formatted(wakes, hours, MOST_WAKES_PER_HOUR))
        : Optional.empty();
  }

  private static Optional<String> falseAccepts(Figures.Place before, Figures.Place now) {
    if (before.listeningMillis() == 0 || now.listeningMillis() == 0) {
      return Optional.empty();
    }
    double share =
        MOST_FALSE_ACCEPT_RATIO
            * now.listeningMillis()
            / (MOST_FALSE_ACCEPT_RATIO * now.listeningMillis() + before.listeningMillis());
    long both = now.falseAccepts() + before.falseAccepts();
    return binomialTail(now.falseAccepts(), both, share) < CHANCE
        ? Optional.of(
            "%d false accepts in %.2f h (%s); the model before: %d in %.2f h"
                .formatted(
                    now.falseAccepts(),
                    now.listeningMillis() / MILLIS_PER_HOUR,
                    now.environment(),
                    before.falseAccepts(),
                    before.listeningMillis() / MILLIS_PER_HOUR))
        : Optional.empty();
  }

  private static Optional<String> power(Figures before, Figures now) {
    if (before.listeningMillis() < ENOUGH_FOR_POWER_MILLIS
        || now.listeningMillis() < ENOUGH_FOR_POWER_MILLIS
        || before.energyMicrojoules() == 0) {
      return Optional.empty();
    }
    // Microjoules per millisecond are milliwatts.
    double was = (double) before.energyMicrojoules() / before.listeningMillis();
    double is = (double) now.energyMicrojoules() / now.listeningMillis();
    return is > MOST_POWER_RATIO * was
        ? Optional.of(
            "%.3f mW; the model before: %.3f mW (expected: at most %.0f times as much)"
                .formatted(is, was, MOST_POWER_RATIO))
        : Optional.empty();
  }

  /** Bounds P(X >= count), X Poisson: exp(-(count ln(count/mean) - count + mean)). */
  static double poissonTail(long count, double mean) {
    if (count <= mean) {
      return 1;
    }
    return mean == 0 ? 0 : Math.exp(-(count * Math.log(count / mean) - count + mean));
  }

  /** Bounds P(X >= count), X binomial: exp(-n KL(count/n || p)); Hoeffding 1963, theorem 1. */
  static double binomialTail(long count, long n, double p) {
    double share = n == 0 ? 0 : (double) count / n;
    if (share <= p) {
      return 1;
    }
    double divergence =
        share * Math.log(share / p)
            + (share == 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - p)));
    return Math.exp(-n * divergence);
  }
}
