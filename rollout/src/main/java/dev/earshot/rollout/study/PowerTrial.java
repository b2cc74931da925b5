package dev.earshot.rollout.study;

import dev.earshot.rollout.gate.PowerArms;
import dev.earshot.rollout.gate.PowerGate;
import dev.earshot.rollout.gate.PowerSums;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Simulated rollouts for the power gate: devices differ by 30 % from one another, by 10 % from one
 * day to the next and by 25 % from hour to hour; 24 h before and 48 h after the offer; a look at
 * every hour.
 *
 * @param seed of the study
 * @param rollouts repetitions, above 0
 * @param devicesPerArm devices in each arm
 */
public record PowerTrial(long seed, int rollouts, int devicesPerArm) {
  private static final int HOURS = 48;
  private static final double DEVICE = 0.3;
  private static final double DAY = 0.1;
  private static final double HOUR = 0.25;

  /** How often and when the gate sees a true power ratio. */
  public Trial.Outcome run(double ratio, double alpha) {
    int[] hours =
        IntStream.range(0, rollouts)
            .parallel()
            .map(i -> firstAlarm(new Sampler(seed * 1_000_003 + i), ratio, alpha))
            .sorted()
            .toArray();
    int found = (int) Arrays.stream(hours).filter(h -> h <= HOURS).count();
    int middle = hours[(rollouts - 1) / 2];
    return new Trial.Outcome("power gate", rollouts, found, middle <= HOURS ? middle : Double.NaN);
  }

  private int firstAlarm(Sampler sampler, double ratio, double alpha) {
    int devices = 2 * devicesPerArm;
    double[] own = new double[devices];
    double[] day = new double[devices];
    double[] before = new double[devices];
    double[] sum = new double[devices];
    for (int i = 0; i < devices; i++) {
      own[i] = Math.exp(DEVICE * sampler.gaussian());
      day[i] = Math.exp(DAY * sampler.gaussian());
      for (int h = 0; h < 24; h++) {
        before[i] += own[i] * day[i] * Math.exp(HOUR * sampler.gaussian()) / 24;
      }
    }
    for (int hour = 1; hour <= HOURS; hour++) {
      PowerSums treated = PowerSums.NONE;
      PowerSums control = PowerSums.NONE;
      for (int i = 0; i < devices; i++) {
        boolean isTreated = i < devicesPerArm;
        if (hour % 24 == 1) {
          day[i] = Math.exp(DAY * sampler.gaussian());
        }
        sum[i] += own[i] * day[i] * Math.exp(HOUR * sampler.gaussian()) * (isTreated ? ratio : 1);
        PowerSums one = PowerSums.of(before[i], sum[i] / hour);
        treated = isTreated ? treated.plus(one) : treated;
        control = isTreated ? control : control.plus(one);
      }
      double logE = new PowerGate().evaluate(List.of(new PowerArms(treated, control))).logE();
      if (logE >= -Math.log(alpha)) {
        return hour;
      }
    }
    return Integer.MAX_VALUE;
  }
}
