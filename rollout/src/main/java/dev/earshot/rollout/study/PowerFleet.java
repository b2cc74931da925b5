package dev.earshot.rollout.study;

import java.util.Arrays;

/**
 * A simulated rollout's power: devices differ by 30 % from one another, by 20 % from one day to the
 * next and by 25 % from hour to hour (standard deviations of the logarithm); 24 h before the offer
 * and 48 h after it. The first half of the devices is treated. Not thread-safe.
 */
final class PowerFleet {
  static final int HOURS = 48;

  private static final double DEVICE = 0.3;
  private static final double DAY = 0.2;
  private static final double HOUR = 0.25;

  private final Sampler sampler;
  private final double ratio;
  private final int treated;
  private final double[] own;
  private final double[] day;
  private final double[] before;
  private final double[] sum;
  private int hour;

  /**
   * Draws the devices and their day before the offer.
   *
   * @param ratio true ratio of power, treated over control
   */
  PowerFleet(long seed, int devicesPerArm, double ratio) {
    sampler = new Sampler(seed);
    this.ratio = ratio;
    treated = devicesPerArm;
    own = new double[2 * devicesPerArm];
    day = new double[own.length];
    before = new double[own.length];
    sum = new double[own.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = factor(DEVICE);
      day[i] = factor(DAY);
      for (int h = 0; h < 24; h++) {
        before[i] += own[i] * day[i] * factor(HOUR) / 24;
      }
    }
  }

  private double factor(double sigma) {
    return Math.exp(sigma * sampler.gaussian());
  }

  /** Lets an hour pass. */
  void advance() {
    for (int i = 0; i < own.length; i++) {
      if (hour % 24 == 0) {
        day[i] = factor(DAY);
      }
      sum[i] += own[i] * day[i] * factor(HOUR) * (i < treated ? ratio : 1);
    }
    hour++;
  }

  int devices() {
    return own.length;
  }

  boolean treated(int device) {
    return device < treated;
  }

  double ratio() {
    return ratio;
  }

  /** Mean power before the offer, relative to an average device. */
  double before(int device) {
    return before[device];
  }

  /** Mean power since the offer, relative to an average device. */
  double since(int device) {
    return sum[device] / hour;
  }

  /** Mean power of each device of an arm since the offer. */
  double[] since(boolean ofTreated) {
    double[] means =
        ofTreated ? Arrays.copyOf(sum, treated) : Arrays.copyOfRange(sum, treated, sum.length);
    for (int i = 0; i < means.length; i++) {
      means[i] /= hour;
    }
    return means;
  }
}
