package dev.earshot.rollout.study;

/**
 * Sums over the devices of one arm of a rollout with fixed arms, kept as events come: what simple
 * rules look at. Not thread-safe.
 */
final class ArmTotals {
  private final SimulatedRollout rollout;
  private final boolean treated;
  private final int[] seen;
  private int devices;
  private double duty;
  private double dutySquares;
  private long count;
  private double countSquares;
  private double countDuty;

  ArmTotals(SimulatedRollout rollout, boolean treated) {
    this.rollout = rollout;
    this.treated = treated;
    seen = new int[rollout.devices()];
    for (int i = 0; i < rollout.devices(); i++) {
      if (rollout.treated(i) == treated) {
        devices++;
        duty += rollout.duty(i);
        dutySquares += rollout.duty(i) * rollout.duty(i);
      }
    }
  }

  /** Takes in the events since the look before. */
  ArmTotals update() {
    for (int i = 0; i < rollout.newEvents(); i++) {
      int device = rollout.newEvent(i);
      if (rollout.treated(device) == treated) {
        count++;
        countSquares += 2.0 * seen[device] + 1;
        countDuty += rollout.duty(device);
        seen[device]++;
      }
    }
    return this;
  }

  long count() {
    return count;
  }

  double exposureHours() {
    return duty * hours();
  }

  /** Events per listening hour. */
  double rate() {
    return count / exposureHours();
  }

  /** Variance of {@link #rate} if events were a Poisson process. */
  double poissonVariance() {
    return count / (exposureHours() * exposureHours());
  }

  /** Variance of {@link #rate} over devices, by the delta method for a ratio of means. */
  double ratioVariance() {
    double slope = rate() * hours();
    double squares = countSquares - 2 * slope * countDuty + slope * slope * dutySquares;
    return Math.max(squares, 0) * devices / (devices - 1) / (exposureHours() * exposureHours());
  }

  private double hours() {
    return rollout.minute() / 60.0;
  }
}
