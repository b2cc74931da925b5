package dev.earshot.rollout.gate;

/**
 * How a rollout's permitted probability of a false alarm is divided. A release that does no harm is
 * stopped by some gate, at some time of the whole rollout, with probability at most {@code total}
 * (union bound over the metrics; strata and looks cost nothing more).
 *
 * @param total for the whole rollout, between 0 and 1 exclusive
 */
public record AlphaBudget(double total) {
  /** One harmless rollout in a hundred. */
  public static final AlphaBudget DEFAULT = new AlphaBudget(0.01);

  public AlphaBudget {
    Checks.between("total", total, 0, 1);
  }

  /** The part of {@code total} that {@code metric} may spend; the parts add up to it. */
  public double alpha(Metric metric) {
    return total
        * switch (metric) {
          case FALSE_ACCEPTS -> 0.4;
          case FALSE_REJECTS, WAKES -> 0.1;
          case POWER -> 0.1;
          case BATTERY -> 0.05;
          case CRASHES, SILENCE -> 0.075;
          case FAILED_UPDATES -> 0.1;
        };
  }
}
