package dev.earshot.rollout.study;

import dev.earshot.rollout.gate.BinomialGate;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.InverseErfc;

/** What others do, in the form in which it is usually done, all one-sided for an increase. */
final class Competitors {
  /** A rule that divides by counts waits for this many events in each arm. */
  private static final int MIN_EVENTS = 30;

  /** The least number of points that Kayenta's documentation asks of a time series. */
  private static final int MIN_POINTS = 50;

  private Competitors() {}

  /** A rule that looks at nothing but the totals of the arms, treated first. */
  private static Rule.Named onTotals(String name, BiPredicate<ArmTotals, ArmTotals> decides) {
    return new Rule.Named(
        name,
        rollout -> {
          ArmTotals treated = new ArmTotals(rollout, true);
          ArmTotals control = new ArmTotals(rollout, false);
          return () -> decides.test(treated.update(), control.update());
        });
  }

  private static boolean enough(ArmTotals t, ArmTotals c) {
    return t.count() >= MIN_EVENTS && c.count() >= MIN_EVENTS;
  }

  /** Difference of Poisson rates over its standard error, tested anew at every look. */
  static Rule.Named repeatedZ(double alpha) {
    double critical = quantile(alpha);
    return onTotals(
        "z-test at every look",
        (t, c) ->
            enough(t, c)
                && t.rate() - c.rate()
                    > critical * Math.sqrt(t.poissonVariance() + c.poissonVariance()));
  }

  /** Alarm when the observed ratio of rates exceeds a limit. */
  static Rule.Named fixedThreshold(double limit) {
    return onTotals(
        "fixed threshold " + limit + "x", (t, c) -> enough(t, c) && t.rate() > limit * c.rate());
  }

  /**
   * Sequential test of two Poisson processes by the arm of each event (Lindon and Malek, arXiv
   * 2011.03567), with a Beta(20, 20) prior truncated to an increase.
   */
  static Rule.Named poissonSequential(double alpha) {
    return onTotals(
        "Poisson sequential test (Lindon-Malek)",
        (t, c) -> {
          double share = t.exposureHours() / (t.exposureHours() + c.exposureHours());
          return new BinomialGate(share, 20, 20).logE(t.count(), t.count() + c.count())
              >= -Math.log(alpha);
        });
  }

  /**
   * The sequential confidence interval of GrowthBook on the ratio metric "events per hour":
   * equation 9 of Waudby-Smith et al. (arXiv 2103.06476v7) in the number of devices, two-sided,
   * with rho of equation 161 for its default tuning, 5,000 devices.
   */
  static Rule.Named growthBook(double alpha) {
    double tuning = 5000;
    double rho2 = (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / tuning;
    return new Rule.Named(
        "GrowthBook's sequential interval",
        rollout -> {
          double n = rollout.devices();
          double scale =
              2 * (n * rho2 + 1) / (n * rho2) * Math.log(Math.sqrt(n * rho2 + 1) / alpha);
          ArmTotals treated = new ArmTotals(rollout, true);
          ArmTotals control = new ArmTotals(rollout, false);
          return () -> {
            ArmTotals t = treated.update();
            ArmTotals c = control.update();
            return enough(t, c)
                && t.rate() - c.rate() > Math.sqrt(scale * (t.ratioVariance() + c.ratioVariance()));
          };
        });
  }

  /** Mann-Whitney on the devices' rates at every look, as a plain test. */
  static Rule.Named mannWhitneyPerDevice(double alpha) {
    double critical = quantile(alpha);
    return perDevice(
        "Mann-Whitney per device, plain", () -> (t, c) -> MannWhitney.z(t, c, 0) > critical);
  }

  /** Kayenta's judge on the devices' rates, at every look. */
  static Rule.Named kayentaPerDevice(double alpha) {
    double critical = quantile(alpha);
    return perDevice("Mann-Whitney per device (Kayenta's)", () -> new KayentaJudge(critical)::high);
  }

  private static Rule.Named perDevice(
      String name, Supplier<BiPredicate<SortedSample, SortedSample>> judges) {
    return new Rule.Named(
        name,
        rollout -> {
          // Events per duty: time is the same for all and does not change an order.
          SortedSample treated = new SortedSample(rollout.devices());
          SortedSample control = new SortedSample(rollout.devices());
          BiPredicate<SortedSample, SortedSample> judge = judges.get();
          int[] seen = new int[rollout.devices()];
          for (int i = 0; i < seen.length; i++) {
            (rollout.treated(i) ? treated : control).add(0);
          }
          return () -> {
            for (int i = 0; i < rollout.newEvents(); i++) {
              int device = rollout.newEvent(i);
              double duty = rollout.duty(device);
              (rollout.treated(device) ? treated : control)
                  .raise(seen[device] / duty, (seen[device] + 1) / duty);
              seen[device]++;
            }
            return judge.test(treated, control);
          };
        });
  }

  /**
   * Kayenta's judge on the time series of both arms' events per device and minute, at every look
   * from the fiftieth minute on. Kayenta itself is run every so often, not every minute.
   */
  static Rule.Named kayentaPerMinute(double alpha) {
    double critical = quantile(alpha);
    return new Rule.Named(
        "Mann-Whitney per minute (Kayenta's)",
        rollout -> {
          SortedSample treated = new SortedSample(SimulatedRollout.MINUTES);
          SortedSample control = new SortedSample(SimulatedRollout.MINUTES);
          KayentaJudge judge = new KayentaJudge(critical);
          int[][] events = new int[SimulatedRollout.MINUTES][2];
          return () -> {
            for (int i = 0; i < rollout.newEvents(); i++) {
              events[rollout.newEventMinute(i)][rollout.treated(rollout.newEvent(i)) ? 1 : 0]++;
            }
            for (int minute = treated.size(); minute < rollout.minute(); minute++) {
              treated.add((double) events[minute][1] / rollout.scenario().treated());
              control.add((double) events[minute][0] / rollout.scenario().control());
            }
            return treated.size() >= MIN_POINTS && judge.high(treated, control);
          };
        });
  }

  /**
   * Wald's test that knows everything but the devices themselves: the effect, the base rates, the
   * daily profile, the spread (gamma of shape 1) and each device's history. What no real gate can
   * know; a yardstick. Device by device, the likelihood ratio of n given n0 is that of negative
   * binomials of size k + n0.
   */
  static Rule.Named knowingEverything(double ratio, double alpha) {
    double k = 1;
    return new Rule.Named(
        "SPRT knowing effect and baseline",
        rollout ->
            () -> {
              double logRatio = 0;
              for (int i = 0; i < rollout.scenario().treated(); i++) {
                double exposure = rollout.exposureHours(i) * rollout.activity();
                double rate =
                    Scenario.ENVIRONMENTS.get(rollout.environment(i)).ratePerHour()
                        * rollout.scenario().rateFactor();
                double size = k + rollout.priorCount(i);
                double scale = k / rate + rollout.priorExposureHours(i);
                logRatio +=
                    negativeBinomial(rollout.count(i), size, scale, ratio, exposure)
                        - negativeBinomial(rollout.count(i), size, scale, 1, exposure);
              }
              return logRatio >= -Math.log(alpha);
            });
  }

  /** ln P(n) up to what does not depend on the ratio, the rate being Gamma(size, scale) x ratio. */
  private static double negativeBinomial(
      int n, double size, double scale, double ratio, double exposure) {
    double mean = ratio * exposure;
    return n * Math.log(mean) - (size + n) * Math.log(scale + mean);
  }

  /** The value that a standard normal variable exceeds with probability {@code tail}. */
  static double quantile(double tail) {
    return Math.sqrt(2) * InverseErfc.value(2 * tail);
  }

  /** The probability that a standard normal variable exceeds {@code z}. */
  static double upperTail(double z) {
    return Erfc.value(z / Math.sqrt(2)) / 2;
  }
}
