package dev.earshot.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.TestRelease;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RateAcousticsTest {
  private static final long START = 1_700_000_000_000L;
  private static final long HOUR = 3_600_000;
  private static final double FALSE_ACCEPTS_PER_HOUR = .4;
  private static final double FALSE_REJECT_RATE = .1;
  private static final Behaviour BEHAVIOUR = behaviour(FALSE_ACCEPTS_PER_HOUR);

  private static Behaviour behaviour(double falseAcceptsPerHour) {
    Evaluation evaluation =
        TestRelease.evaluation(
            "test:1.0.0", new byte[] {1}, falseAcceptsPerHour, FALSE_REJECT_RATE);
    return Objects.requireNonNull(Behaviour.of(evaluation).get(Environment.KITCHEN));
  }

  private static DeviceProfile device(int index) {
    return new Population("home", 3, PopulationMix.standard()).device(index);
  }

  /** 400 devices over 7 whole days; 4 standard deviations of a Poisson count, given the devices. */
  @Test
  void fleetOverWholeDays_showsTheEvaluationsRates() {
    double expected = 0;
    long falseAccepts = 0;
    double listened = 0;
    Interval total = new Interval();
    for (int index = 0; index < 400; index++) {
      DeviceProfile device = device(index);
      RateAcoustics acoustics = new RateAcoustics(device, .6, 3, 0);
      Interval interval = new Interval();
      for (int hour = 0; hour < 7 * 24; hour++) {
        acoustics.advance(START + hour * HOUR, START + (hour + 1) * HOUR, BEHAVIOUR, interval);
      }
      double hours = interval.listeningMillis() / (double) HOUR;
      assertEquals(7 * 24 * device.duty(), hours, 1e-3);
      listened += hours;
      expected += hours * device.falseAcceptMultiplier() * FALSE_ACCEPTS_PER_HOUR;
      falseAccepts += interval.falseAccepts();
      total.wakeAttempts += interval.wakeAttempts;
      total.missedWakes += interval.missedWakes;
      total.wakes += interval.wakes;
      total.suspectedFalseRejects += interval.suspectedFalseRejects;
      total.inferences += interval.inferences;
      assertEquals(interval.inferences(), sum(interval), "every inference has a score");
    }
    assertEquals(expected, (double) falseAccepts, 4 * Math.sqrt(expected));
    double attempts = total.wakeAttempts();
    assertEquals(
        FALSE_REJECT_RATE,
        total.missedWakes() / attempts,
        4 * Math.sqrt(FALSE_REJECT_RATE * (1 - FALSE_REJECT_RATE) / attempts));
    assertEquals(total.wakes(), total.wakeAttempts() - total.missedWakes() + falseAccepts);
    // A miss is suspected when a repetition succeeds: the first with .7 x .9, else the second.
    double suspected = .7 * .9 + .7 * .1 * .7 * .9;
    double firstMisses = total.missedWakes() / (1 + .7 * .1 + .7 * .1 * .7 * .1);
    double perFirstMiss = .7 * .9 + 2 * .7 * .1 * .7 * .9;
    assertEquals(
        firstMisses * perFirstMiss,
        total.suspectedFalseRejects(),
        5 * Math.sqrt(firstMisses * suspected));
    assertEquals(10.0, total.inferences() / listened / 3600, .01);
  }

  @Test
  void peaks_addUpToTheCountsAndLieOnTheirSideOfTheThreshold() {
    Interval interval = new Interval();
    for (int index = 0; index < 100; index++) {
      new RateAcoustics(device(index), .6, 3, 0)
          .advance(START, START + 24 * HOUR, BEHAVIOUR, interval);
    }
    List<Integer> falseAccepts = interval.peaks(Interval.Peak.FALSE_ACCEPT);
    assertEquals(interval.falseAccepts(), total(falseAccepts));
    assertEquals(0, total(falseAccepts.subList(0, 28)), "the threshold is 100, in bucket 28");
    List<Integer> confirmed = interval.peaks(Interval.Peak.CONFIRMED_WAKE);
    assertEquals(interval.wakes() - interval.falseAccepts(), total(confirmed));
    assertEquals(0, total(confirmed.subList(0, 28)));
    List<Integer> suspected = interval.peaks(Interval.Peak.SUSPECTED_FALSE_REJECT);
    assertEquals(interval.suspectedFalseRejects(), total(suspected));
    assertEquals(0, total(suspected.subList(29, 32)));
    assertEquals(
        interval.missedWakes() - interval.suspectedFalseRejects(),
        total(interval.peaks(Interval.Peak.NEAR_MISS)),
        "without a trade-off nothing is known of other near misses");
    interval.clear();
    assertEquals(List.of(), interval.peaks(Interval.Peak.FALSE_ACCEPT));
  }

  private static int total(List<Integer> buckets) {
    return buckets.stream().mapToInt(Integer::intValue).sum();
  }

  @Test
  void lookingMoreOften_changesNothingThatHappens() {
    Interval once = new Interval();
    new RateAcoustics(device(4), .6, 3, 0).advance(START, START + 100 * HOUR, BEHAVIOUR, once);
    RateAcoustics acoustics = new RateAcoustics(device(4), .6, 3, 0);
    Interval often = new Interval();
    for (int minute = 0; minute < 100 * 60; minute++) {
      acoustics.advance(START + minute * 60_000L, START + (minute + 1) * 60_000L, BEHAVIOUR, often);
    }
    assertEquals(once.falseAccepts(), often.falseAccepts());
    assertEquals(once.wakeAttempts(), often.wakeAttempts());
    assertEquals(once.missedWakes(), often.missedWakes());
    assertEquals(once.suspectedFalseRejects(), often.suspectedFalseRejects());
    assertTrue(Math.abs(once.listeningMillis() - often.listeningMillis()) <= 1);
  }

  @Test
  void anotherModel_changesOnlyWhatTheModelIsResponsibleFor() {
    Behaviour worse = behaviour(10 * FALSE_ACCEPTS_PER_HOUR);
    List<Interval> lives = new ArrayList<>();
    for (Behaviour behaviour : List.of(BEHAVIOUR, worse)) {
      Interval interval = new Interval();
      new RateAcoustics(device(4), .6, 3, 0)
          .advance(START, START + 200 * HOUR, behaviour, interval);
      lives.add(interval);
    }
    assertEquals(lives.get(0).wakeAttempts(), lives.get(1).wakeAttempts());
    assertEquals(lives.get(0).missedWakes(), lives.get(1).missedWakes());
    assertEquals(10.0, (double) lives.get(1).falseAccepts() / lives.get(0).falseAccepts(), 5);
  }

  @Test
  void wholeDay_hasMeanActivityOne() {
    DailyCycle cycle = new DailyCycle(.6);
    assertEquals(86_400_000, cycle.activeMillis(START, START + 86_400_000), 1e-3);
    long midnight = START - START % 86_400_000;
    double night = cycle.activeMillis(midnight + 2 * HOUR, midnight + 4 * HOUR) / (2 * HOUR);
    double afternoon = cycle.activeMillis(midnight + 14 * HOUR, midnight + 16 * HOUR) / (2 * HOUR);
    assertEquals(.4, night, .02);
    assertEquals(1.6, afternoon, .02);
  }

  @Test
  void battery_losesWhatIsDrawnAndIsChargedWhenLow() {
    DeviceProfile device = device(9);
    DeviceWorld world = new DeviceWorld(device, new RateAcoustics(device, .6, 3, 0), 3);
    double dropped = 0;
    long discharging = 0;
    boolean charged = false;
    for (int hour = 0; hour < 60 * 24; hour++) {
      world.startInterval();
      double before = world.batteryPercent();
      boolean wasCharging = world.charging();
      world.advance(START + hour * HOUR, START + (hour + 1) * HOUR, BEHAVIOUR);
      if (!wasCharging && !world.charging()) {
        assertEquals(before - world.batteryPercent(), world.interval().socDropPercent(), 1e-9);
      }
      charged |= world.charging();
      dropped += world.interval().socDropPercent();
      discharging += world.interval().dischargeMillis();
    }
    double percentPerDay = dropped / (discharging / 86_400_000.0);
    assertEquals(true, charged);
    assertEquals(6, percentPerDay, 4, "a battery of two to four weeks");
  }

  private static long sum(Interval interval) {
    long sum = 0;
    for (int bucket = 0; bucket < 32; bucket++) {
      sum += interval.score(bucket);
    }
    return sum;
  }
}
