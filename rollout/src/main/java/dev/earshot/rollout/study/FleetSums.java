package dev.earshot.rollout.study;

import dev.earshot.rollout.gate.ArmSums;
import dev.earshot.rollout.gate.BlockTotals;
import dev.earshot.rollout.gate.CountsEvaluation;
import dev.earshot.rollout.gate.CountsGate;
import dev.earshot.rollout.gate.CountsScore;
import dev.earshot.rollout.gate.CountsSettings;
import dev.earshot.rollout.gate.TwoArms;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sums of the counts gate over a simulated fleet, look by look: what {@link ArmSums#of} gives
 * for the same devices (a test holds it to that), without an object for each device and look.
 * Everything after the sums is the shipped code.
 *
 * <p>In a simulated rollout exposure grows in proportion to time, so {@code w = 1/(1 + c0 t q)} and
 * {@code M = t p} with constants {@code q = duty theta0 / (k + expected history)} and {@code p = m
 * duty theta0} of each device; counts are kept as events come. Devices are laid out by stratum and
 * arm so that a look is one pass over arrays. Not thread-safe.
 */
final class FleetSums {
  private final SimulatedRollout rollout;
  private final CountsSettings settings;
  private final int strata;
  private final int[] stratum;
  // By device.
  private final double[] historyCount;
  private final double[] expectedHistory;
  private final int[] slot;
  // By slot; slots of a cell (stratum x arm) are neighbours.
  private final int[] device;
  private final double[] p;
  private final double[] q;
  private final double[] n;
  // By cell, 2 x stratum + (treated ? 1 : 0): its first slot, duty, events now and before.
  private final int[] from;
  private final double[] duty;
  private final double[] events;
  private final double[] history;
  private BlockTotals before = BlockTotals.NONE;
  private int blockStart;

  /**
   * Of a rollout that has not begun.
   *
   * @param full with strata and each device's history; else neither
   */
  FleetSums(SimulatedRollout rollout, CountsSettings settings, boolean full) {
    this.rollout = rollout;
    this.settings = settings;
    int devices = rollout.devices();
    strata = full ? Scenario.ENVIRONMENTS.size() : 1;
    stratum = new int[devices];
    historyCount = new double[devices];
    expectedHistory = new double[devices];
    slot = new int[devices];
    device = new int[devices];
    p = new double[devices];
    q = new double[devices];
    n = new double[devices];
    from = new int[2 * strata + 1];
    duty = new double[2 * strata];
    events = new double[2 * strata];
    history = new double[2 * strata];
    if (full) {
      for (int i = 0; i < devices; i++) {
        stratum[i] = rollout.environment(i);
      }
      startHistories();
    }
    layOut();
  }

  private void startHistories() {
    double[] priorEvents = new double[strata];
    double[] priorHours = new double[strata];
    for (int i = 0; i < stratum.length; i++) {
      priorEvents[stratum[i]] += rollout.priorCount(i);
      priorHours[stratum[i]] += rollout.priorExposureHours(i);
    }
    for (int i = 0; i < stratum.length; i++) {
      historyCount[i] = rollout.priorCount(i);
      double lambda0 = priorEvents[stratum[i]] / priorHours[stratum[i]];
      expectedHistory[i] = lambda0 * rollout.priorExposureHours(i);
    }
  }

  private int cell(int i) {
    return 2 * stratum[i] + (rollout.treated(i) ? 1 : 0);
  }

  /** Sorts devices into cells and computes their constants for the block that begins. */
  private void layOut() {
    int[] next = new int[from.length];
    for (int i = 0; i < stratum.length; i++) {
      next[cell(i) + 1]++;
    }
    for (int cell = 1; cell < next.length; cell++) {
      next[cell] += next[cell - 1];
    }
    System.arraycopy(next, 0, from, 0, from.length);
    for (int cell = 0; cell < duty.length; cell++) {
      duty[cell] = 0;
      events[cell] = 0;
      history[cell] = 0;
    }
    for (int i = 0; i < stratum.length; i++) {
      int cell = cell(i);
      int to = next[cell]++;
      slot[i] = to;
      device[to] = i;
      double theta = rollout.treated(i) ? settings.theta0() : 1;
      double expected = settings.shape() + expectedHistory[i];
      q[to] = rollout.duty(i) * theta / expected;
      p[to] = (settings.shape() + historyCount[i]) * q[to];
      n[to] = 0;
      duty[cell] += rollout.duty(i);
      history[cell] += historyCount[i];
    }
  }

  /** Takes in what happened since the look before; once for every look, evaluated or not. */
  void update() {
    for (int i = 0; i < rollout.newEvents(); i++) {
      int who = rollout.newEvent(i);
      n[slot[who]]++;
      events[cell(who)]++;
    }
  }

  /** The gate's evidence now. */
  CountsEvaluation evaluate() {
    return CountsGate.evaluate(arms(), before, settings);
  }

  /**
   * Ends the running block: its counts become history, its scores stay. Devices may change their
   * arm between this and {@link #startBlock}.
   */
  void endBlock() {
    CountsEvaluation evaluation = evaluate();
    before = evaluation.totals();
    double hours = hours();
    for (int s = 0; s < strata; s++) {
      double rate = CountsScore.of(evaluation.arms().getOrDefault(name(s), TwoArms.NONE)).rate();
      for (int at = from[2 * s]; at < from[2 * s + 2]; at++) {
        int who = device[at];
        double theta = at >= from[2 * s + 1] ? settings.theta0() : 1;
        historyCount[who] += n[at];
        expectedHistory[who] += theta * rate * rollout.duty(who) * hours;
      }
    }
  }

  /** Begins the next block with the arms as they are now. */
  void startBlock() {
    blockStart = rollout.minute();
    layOut();
  }

  private double hours() {
    return (rollout.minute() - blockStart) / 60.0;
  }

  private static String name(int s) {
    return Scenario.ENVIRONMENTS.get(s).name();
  }

  /** The sums of each stratum and arm in the running block. */
  Map<String, TwoArms> arms() {
    Map<String, TwoArms> arms = new TreeMap<>();
    for (int s = 0; s < strata; s++) {
      int control = 2 * s;
      int treated = control + 1;
      // c0 t = sum n / sum duty: the time cancels.
      double listening = duty[control] + duty[treated];
      double c0Hours = listening > 0 ? (events[control] + events[treated]) / listening : 0;
      arms.put(name(s), new TwoArms(sums(treated, c0Hours), sums(control, c0Hours)));
    }
    return arms;
  }

  private ArmSums sums(int cell, double c0Hours) {
    double wM = 0;
    double wn = 0;
    double w2n2 = 0;
    double w2nM = 0;
    double w2M2 = 0;
    for (int at = from[cell]; at < from[cell + 1]; at++) {
      double w = 1 / (1 + c0Hours * q[at]);
      double weightedM = w * p[at];
      double weightedN = w * n[at];
      wM += weightedM;
      wn += weightedN;
      w2n2 += weightedN * weightedN;
      w2nM += weightedN * weightedM;
      w2M2 += weightedM * weightedM;
    }
    double t = hours();
    return new ArmSums(
        from[cell + 1] - from[cell],
        duty[cell] * t,
        events[cell],
        history[cell],
        wM * t,
        wn,
        w2n2,
        w2nM * t,
        w2M2 * t * t);
  }
}
