package dev.earshot.rollout.study;

import dev.earshot.rollout.gate.BinomialGate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.numbers.gamma.Erfc;

/** What others do, in the form in which it is usually done, all one-sided for an increase. */
final class Competitors {
  /** A rule that divides by counts waits for this many events in each arm. */
  private static final int MIN_EVENTS = 30;

  private Competitors() {}

  /** Totals over the devices of an arm. */
  private record Totals(double exposure, double count) {
    double rate() {
      return count / exposure;
    }

    static Totals of(SimulatedRollout rollout, boolean treated) {
      double exposure = 0;
      double count = 0;
      for (int i = 0; i < rollout.devices(); i++) {
        if (rollout.treated(i) == treated) {
          exposure += rollout.exposureHours(i);
          count += rollout.count(i);
        }
      }
      return new Totals(exposure, count);
    }
  }

  /** Difference of Poisson rates over its standard error, tested anew at every look. */
  static Rule.Named repeatedZ(double alpha) {
    return new Rule.Named(
        "z-test at every look",
        () ->
            rollout -> {
              Totals t = Totals.of(rollout, true);
              Totals c = Totals.of(rollout, false);
              if (t.count < MIN_EVENTS || c.count < MIN_EVENTS) {
                return false;
              }
              double variance =
                  t.count / (t.exposure * t.exposure) + c.count / (c.exposure * c.exposure);
              return upperTail((t.rate() - c.rate()) / Math.sqrt(variance)) < alpha;
            });
  }

  /** Alarm when the observed ratio of rates exceeds a limit. */
  static Rule.Named fixedThreshold(double limit) {
    return new Rule.Named(
        "fixed threshold " + limit + "x",
        () ->
            rollout -> {
              Totals t = Totals.of(rollout, true);
              Totals c = Totals.of(rollout, false);
              return t.count >= MIN_EVENTS && c.count >= MIN_EVENTS && t.rate() > limit * c.rate();
            });
  }

  /**
   * Sequential test of two Poisson processes by the arm of each event (Lindon and Malek, arXiv
   * 2011.03567), with a Beta(20, 20) prior truncated to an increase.
   */
  static Rule.Named poissonSequential(double alpha) {
    return new Rule.Named(
        "Poisson sequential test",
        () ->
            rollout -> {
              Totals t = Totals.of(rollout, true);
              Totals c = Totals.of(rollout, false);
              double share = t.exposure / (t.exposure + c.exposure);
              long events = (long) (t.count + c.count);
              return new BinomialGate(share, 20, 20).logE((long) t.count, events)
                  >= -Math.log(alpha);
            });
  }

  /** Mann-Whitney on the devices' rates, at every look. */
  static Rule.Named mannWhitneyPerDevice(double alpha) {
    return new Rule.Named(
        "Mann-Whitney per device, every look",
        () ->
            rollout -> {
              double[] t = new double[rollout.scenario().treated()];
              double[] c = new double[rollout.scenario().control()];
              int nT = 0;
              int nC = 0;
              for (int i = 0; i < rollout.devices(); i++) {
                double rate = rollout.count(i) / rollout.exposureHours(i);
                if (rollout.treated(i)) {
                  t[nT++] = rate;
                } else {
                  c[nC++] = rate;
                }
              }
              return upperTail(mannWhitneyZ(t, c)) < alpha;
            });
  }

  /**
   * Mann-Whitney on the arms' rates in each interval between looks, at every look after the
   * fiftieth: the statistic of Spinnaker's canary judge (Kayenta).
   */
  static Rule.Named mannWhitneyPerMinute(double alpha) {
    return new Rule.Named(
        "Mann-Whitney per minute, every look",
        () -> {
          List<Double> t = new ArrayList<>();
          List<Double> c = new ArrayList<>();
          int[] lastMinute = {0};
          return rollout -> {
            double[] events = new double[2];
            for (int i = 0; i < rollout.newEvents(); i++) {
              events[rollout.treated(rollout.newEvent(i)) ? 1 : 0]++;
            }
            double minutes = rollout.minute() - lastMinute[0];
            lastMinute[0] = rollout.minute();
            t.add(events[1] / minutes / rollout.scenario().treated());
            c.add(events[0] / minutes / rollout.scenario().control());
            return t.size() >= 50 && upperTail(mannWhitneyZ(array(t), array(c))) < alpha;
          };
        });
  }

  /**
   * The sequential confidence interval of GrowthBook on the ratio metric "events per hour": the
   * asymptotic confidence sequence of Waudby-Smith et al. in the number of devices, tuned to 5,000
   * of them.
   */
  static Rule.Named asymptoticSequence(double alpha) {
    double tuning = 5000;
    double rho2 = (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / tuning;
    return new Rule.Named(
        "asymptotic confidence sequence in devices",
        () ->
            rollout -> {
              double n = rollout.devices();
              Totals t = Totals.of(rollout, true);
              Totals c = Totals.of(rollout, false);
              double variance = ratioVariance(rollout, true, t) + ratioVariance(rollout, false, c);
              double width =
                  Math.sqrt(
                      n
                          * variance
                          * (2 * (n * rho2 + 1) / (n * n * rho2))
                          * Math.log(Math.sqrt(n * rho2 + 1) / alpha));
              return t.count >= MIN_EVENTS && c.count >= MIN_EVENTS && t.rate() - c.rate() > width;
            });
  }

  /** Delta-method variance of an arm's rate, over devices. */
  private static double ratioVariance(SimulatedRollout rollout, boolean treated, Totals totals) {
    double squares = 0;
    int n = 0;
    for (int i = 0; i < rollout.devices(); i++) {
      if (rollout.treated(i) == treated) {
        double residual = rollout.count(i) - totals.rate() * rollout.exposureHours(i);
        squares += residual * residual;
        n++;
      }
    }
    return squares * n / (n - 1) / (totals.exposure * totals.exposure);
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
        () ->
            rollout -> {
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

  /** The standardised rank sum of {@code t} among both, with the correction for ties. */
  static double mannWhitneyZ(double[] t, double[] c) {
    Arrays.sort(t);
    Arrays.sort(c);
    double n = (double) t.length + c.length;
    double u = 0;
    double ties = 0;
    int i = 0;
    int j = 0;
    while (i < t.length || j < c.length) {
      double value = i >= t.length ? c[j] : j >= c.length ? t[i] : Math.min(t[i], c[j]);
      int sameT = i;
      int sameC = j;
      while (i < t.length && t[i] == value) {
        i++;
      }
      while (j < c.length && c[j] == value) {
        j++;
      }
      sameT = i - sameT;
      sameC = j - sameC;
      u += sameT * (j - sameC + 0.5 * sameC);
      double same = (double) sameT + sameC;
      ties += same * same * same - same;
    }
    double product = (double) t.length * c.length;
    double variance = product / 12 * (n + 1 - ties / (n * (n - 1)));
    return variance > 0 ? (u - product / 2) / Math.sqrt(variance) : 0;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double upperTail(double z) {
    return Erfc.value(z / Math.sqrt(2)) / 2;
  }
}
