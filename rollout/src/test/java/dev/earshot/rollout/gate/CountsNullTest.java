package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Simulated harmless rollouts, seeded: how often, and how loudly, the counts gate is wrong. */
class CountsNullTest {
  private static final NormalMixture MIXTURE = new NormalMixture(0.4);
  private static final double HARM = Math.log(1 / 0.0032);

  /** Moments of looking, in hours: dense at the start, where a small arm is quietest. */
  private static double[] looks(int number) {
    double[] looks = new double[number];
    for (int i = 0; i < number; i++) {
      looks[i] = Math.exp(Math.log(1.0 / 60) + Math.log(48 * 60.0) * i / (number - 1));
    }
    return looks;
  }

  @Test
  void nineteenHundredAgainstAHundred_alarmsWithoutTheFloorAndNotWithIt() {
    int rollouts = 40;
    int withoutFloor = 0;
    int withFloor = 0;
    for (int rollout = 0; rollout < rollouts; rollout++) {
      Fleet fleet = new Fleet(1000 + rollout).add("all", true, 1900, 0.43, 1);
      fleet.add("all", false, 100, 0.43, 1);
      double before = 0;
      boolean naiveAlarm = false;
      boolean alarm = false;
      for (double hours : looks(25)) {
        fleet.advance(hours - before);
        before = hours;
        List<Device> devices = fleet.devices();
        NaiveCounts.Score raw = new NaiveCounts(devices, 1, 1).pooledWithoutFloor;
        naiveAlarm |= raw.v() > 0 && MIXTURE.logE(raw.s(), raw.j()) >= HARM;
        alarm |= CountsGate.evaluate(devices, CountsSettings.harm()).pooled().guardedLogE() >= HARM;
      }
      withoutFloor += naiveAlarm ? 1 : 0;
      withFloor += alarm ? 1 : 0;
    }

    int naive = withoutFloor;
    assertTrue(naive >= rollouts / 10, () -> naive + " alarms without the floor");
    int floored = withFloor;
    assertTrue(floored == 0, () -> floored + " alarms with the floor");
  }

  @Test
  void harmlessRelease_rarelyAlarmsAndGainsNothingOnAverage() {
    int rollouts = 200;
    int alarms = 0;
    double sum = 0;
    for (int rollout = 0; rollout < rollouts; rollout++) {
      Fleet fleet =
          new Fleet(50_000 + rollout)
              .add("kitchen", true, 60, 0.3, 1)
              .add("kitchen", false, 60, 0.3, 1)
              .add("car", true, 60, 0.6, 1)
              .add("car", false, 60, 0.6, 1);
      double before = 0;
      double stopped = Double.NaN;
      boolean alarm = false;
      for (double hours : looks(25)) {
        fleet.advance(hours - before);
        before = hours;
        double logE = CountsGate.evaluate(fleet.devices(), CountsSettings.harm()).combinedLogE();
        alarm |= logE >= Math.log(20);
        // A gambler's stopping rule: leave while ahead.
        if (Double.isNaN(stopped) && logE >= Math.log(3)) {
          stopped = logE;
        }
        if (hours == looks(25)[24] && Double.isNaN(stopped)) {
          stopped = logE;
        }
      }
      alarms += alarm ? 1 : 0;
      sum += Math.exp(stopped);
    }

    // At alpha = 5 % at most 10 of 200 are expected, with a standard error of 3.1.
    int seen = alarms;
    assertTrue(seen <= 19, () -> seen + " of 200 harmless rollouts alarmed at 5 %");
    // The stopped e-value has mean at most one; its standard error here is about 0.07.
    double mean = sum / rollouts;
    assertTrue(mean <= 1.2, () -> "mean of the stopped e-value: " + mean);
  }
}
