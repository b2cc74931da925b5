package dev.earshot.simulator.world;

/**
 * Draws what happens from the rates that the model's evaluation measured.
 *
 * <ul>
 *   <li>False accepts: a Poisson process with rate {@code measured rate x the device's multiplier x
 *       duty x time of day}. Over a fleet with gamma multipliers, counts are negative binomial.
 *   <li>Attempts: a Poisson process by time of day. Each is missed with the measured probability;
 *       after a miss people repeat themselves with probability 0.7, at most twice; a repetition
 *       that succeeds makes the device suspect the misses before it.
 *   <li>Scores: as many as there were inferences, from the measured distributions.
 * </ul>
 *
 * The processes have a stream of random numbers each and run on their own hazard, so that what
 * happens does not depend on how often anybody looks, nor on the model's other properties. Exposure
 * is exact: fractions of a millisecond of listening are carried to the next call.
 */
public final class RateAcoustics implements Acoustics {
  private static final double MILLIS_PER_HOUR = 3_600_000;
  private static final double MILLIS_PER_DAY = 24 * MILLIS_PER_HOUR;
  private static final double REPEATS_AFTER_MISS = 0.7;
  private static final int MOST_REPETITIONS = 2;

  private final DeviceProfile device;
  private final DailyCycle cycle;
  private final PointProcess falseAccepts;
  private final PointProcess attempts;
  private final RandomStream answers;
  private final RandomStream scores;
  private double listeningCarry;
  private double inferenceCarry;

  /**
   * @param generation tells the lives of a device apart, so that one that starts again does not
   *     live through the same draws again
   */
  public RateAcoustics(DeviceProfile device, double dailyAmplitude, long seed, long generation) {
    this.device = device;
    this.cycle = new DailyCycle(dailyAmplitude);
    this.falseAccepts = new PointProcess(RandomStream.of(seed, 2, device.index(), generation, 1));
    this.attempts = new PointProcess(RandomStream.of(seed, 2, device.index(), generation, 2));
    this.answers = RandomStream.of(seed, 2, device.index(), generation, 3);
    this.scores = RandomStream.of(seed, 2, device.index(), generation, 4);
  }

  @Override
  public void advance(long fromMillis, long toMillis, Behaviour behaviour, Interval into) {
    if (toMillis <= fromMillis) {
      return;
    }
    long zone = device.attributes().getUtcOffsetMinutes() * 60_000L;
    double activeMillis = cycle.activeMillis(fromMillis + zone, toMillis + zone);
    double listening = (toMillis - fromMillis) * device.duty() + listeningCarry;
    long listeningMillis = (long) listening;
    listeningCarry = listening - listeningMillis;
    into.listeningMillis += listeningMillis;

    int wrong =
        falseAccepts.advance(
            behaviour.falseAcceptsPerHour()
                * device.falseAcceptMultiplier()
                * device.duty()
                * activeMillis
                / MILLIS_PER_HOUR);
    into.falseAccepts += wrong;
    into.wakes += wrong;
    int spoken =
        attempts.advance(
            device.wakeAttemptsPerDay() * device.duty() * activeMillis / MILLIS_PER_DAY);
    for (int i = 0; i < spoken; i++) {
      attempt(behaviour, into);
    }
    infer(listeningMillis, behaviour, into);
  }

  private void attempt(Behaviour behaviour, Interval into) {
    int missed = 0;
    while (true) {
      into.wakeAttempts++;
      Draws.categorical(answers, behaviour.wakeScores())
          .ifPresent(
              bucket -> {
                into.scores[bucket]++;
                into.inferences++;
              });
      if (answers.nextDouble() >= behaviour.falseRejectRate()) {
        into.wakes++;
        into.suspectedFalseRejects += missed;
        return;
      }
      into.missedWakes++;
      missed++;
      if (missed > MOST_REPETITIONS || answers.nextDouble() >= REPEATS_AFTER_MISS) {
        return;
      }
    }
  }

  private void infer(long listeningMillis, Behaviour behaviour, Interval into) {
    double due = listeningMillis / MILLIS_PER_HOUR * behaviour.inferencesPerHour() + inferenceCarry;
    long inferences = (long) due;
    inferenceCarry = due - inferences;
    into.inferences += inferences;
    Draws.multinomial(scores, inferences, behaviour.negativeScores(), into.scores);
  }
}
