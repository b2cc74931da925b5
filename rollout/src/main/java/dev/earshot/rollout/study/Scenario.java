package dev.earshot.rollout.study;

import java.util.List;

/**
 * A rollout to simulate: 48 hours with a fixed treated and a fixed control arm.
 *
 * @param name for tables
 * @param treated devices in the treated arm
 * @param control devices in the control arm
 * @param rateFactor multiplies the base rate of every environment
 * @param spread how devices differ within an environment
 * @param arrivals how events fall in time
 * @param ratios true rate ratio in each environment, in the order of {@link #ENVIRONMENTS}
 */
public record Scenario(
    String name,
    int treated,
    int control,
    double rateFactor,
    Spread spread,
    Arrivals arrivals,
    List<Double> ratios) {

  /** An acoustic environment: its share of the fleet and false accepts per listening hour. */
  public record Environment(String name, double share, double ratePerHour) {}

  /** The simulated world; the mean rate is 0.4275 false accepts per listening hour. */
  public static final List<Environment> ENVIRONMENTS =
      List.of(
          new Environment("kitchen", 0.40, 0.30),
          new Environment("car", 0.25, 0.15),
          new Environment("factory", 0.20, 0.60),
          new Environment("stadium", 0.15, 1.00));

  /** Mean of {@link #ENVIRONMENTS} over devices. */
  public static final double MEAN_RATE =
      ENVIRONMENTS.stream().mapToDouble(e -> e.share() * e.ratePerHour()).sum();

  /** How events fall in time. */
  public enum Arrivals {
    /** Each on its own, more by day than by night. */
    POISSON,
    /** In bursts of three on average within ten minutes: a television programme. */
    BURSTS,
    /** Each on its own, but every device becomes another one at midnight. */
    DAILY_REDRAW
  }

  public Scenario {
    ratios = List.copyOf(ratios);
    if (ratios.size() != ENVIRONMENTS.size()) {
      throw new IllegalArgumentException(
          "ratios: " + ratios.size() + " (expected: one for each environment)");
    }
  }

  /** 1,000 against 1,000, gamma shape 1, the same {@code ratio} everywhere. */
  public static Scenario standard(double ratio) {
    return new Scenario(
        "ratio " + ratio,
        1000,
        1000,
        1,
        new Spread.Gamma(1),
        Arrivals.POISSON,
        List.of(ratio, ratio, ratio, ratio));
  }

  /** The standard scenario with harm in cars alone. */
  public static Scenario carOnly(double ratio) {
    return new Scenario(
        "car-only ratio " + ratio,
        1000,
        1000,
        1,
        new Spread.Gamma(1),
        Arrivals.POISSON,
        List.of(1.0, ratio, 1.0, 1.0));
  }

  /** 20,000 devices that a staged rollout reaches step by step. */
  static Scenario ramp(double ratio) {
    return standard(ratio).sized("ramp, ratio " + ratio, 0, 20_000);
  }

  /** Harmless scenarios in which a gate may go wrong. */
  public static List<Scenario> nulls() {
    Scenario standard = standard(1);
    return List.of(
        standard.named("gamma, shape 1"),
        standard.spreadBy("lognormal, sigma 1", new Spread.Lognormal(1)),
        standard.spreadBy("two-point, 5 % x 10", new Spread.TwoPoint(0.05, 10)),
        standard.arriving("bursts", Arrivals.BURSTS),
        standard.arriving("daily redraw", Arrivals.DAILY_REDRAW),
        standard.spreadBy("gamma, shape 0.3", new Spread.Gamma(0.3)),
        standard.sized("100 v 1,900", 100, 1900),
        standard.sized("1,900 v 100", 1900, 100),
        standard.atRate("0.1 an hour", 0.1),
        standard.atRate("0.2 an hour", 0.2),
        standard.atRate("0.5 an hour", 0.5),
        standard.atRate("1 an hour", 1));
  }

  private Scenario named(String newName) {
    return new Scenario(newName, treated, control, rateFactor, spread, arrivals, ratios);
  }

  private Scenario spreadBy(String newName, Spread other) {
    return new Scenario(newName, treated, control, rateFactor, other, arrivals, ratios);
  }

  private Scenario arriving(String newName, Arrivals other) {
    return new Scenario(newName, treated, control, rateFactor, spread, other, ratios);
  }

  private Scenario sized(String newName, int newTreated, int newControl) {
    return new Scenario(newName, newTreated, newControl, rateFactor, spread, arrivals, ratios);
  }

  private Scenario atRate(String newName, double meanRate) {
    return new Scenario(newName, treated, control, meanRate / MEAN_RATE, spread, arrivals, ratios);
  }
}
