package dev.earshot.simulator.world;

import java.util.random.RandomGenerator;

/**
 * How long a device listens and how many inferences it makes meanwhile. Exact over any number of
 * steps: fractions of a millisecond and of an inference are carried to the next.
 */
final class ListeningTime {
  private static final double MILLIS_PER_HOUR = 3_600_000;

  private final DeviceProfile device;
  private final DailyCycle cycle;
  private double listeningCarry;
  private double inferenceCarry;

  ListeningTime(DeviceProfile device, double dailyAmplitude) {
    this.device = device;
    this.cycle = new DailyCycle(dailyAmplitude);
  }

  /** Milliseconds of listening in that stretch of fleet time, added to {@code into}. */
  long listen(long fromMillis, long toMillis, Interval into) {
    double due = (toMillis - fromMillis) * device.duty() + listeningCarry;
    long millis = (long) due;
    listeningCarry = due - millis;
    into.listeningMillis += millis;
    return millis;
  }

  /** Hours of listening in that stretch, each weighed by how busy the day is at that time. */
  double activeHours(long fromMillis, long toMillis) {
    long zone = device.attributes().getUtcOffsetMinutes() * 60_000L;
    return device.duty() * cycle.activeMillis(fromMillis + zone, toMillis + zone) / MILLIS_PER_HOUR;
  }

  /** Draws the scores of the inferences of so much listening. */
  void infer(
      RandomGenerator random, long listeningMillis, Behaviour behaviour, Interval into) {
    double due = listeningMillis / MILLIS_PER_HOUR * behaviour.inferencesPerHour() + inferenceCarry;
    long inferences = (long) due;
    inferenceCarry = due - inferences;
    into.inferences += inferences;
    Draws.multinomial(random, inferences, behaviour.negativeScores(), into.scores);
  }
}
