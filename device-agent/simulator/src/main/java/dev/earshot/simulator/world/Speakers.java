package dev.earshot.simulator.world;

/**
 * The people who say the wake word to one device: a Poisson process by time of day. After a miss
 * they say it again with probability 0.7, at most twice; when that succeeds, the device suspects
 * the misses before it.
 */
final class Speakers {
  private static final double HOURS_PER_DAY = 24;
  private static final double REPEATS_AFTER_MISS = 0.7;
  private static final int MOST_REPETITIONS = 2;

  private final double attemptsPerHour;
  private final PointProcess attempts;
  private final RandomStream patience;

  /**
   * @param patience decides who says it again
   */
  Speakers(DeviceProfile device, RandomStream attempts, RandomStream patience) {
    this.attemptsPerHour = device.wakeAttemptsPerDay() / HOURS_PER_DAY;
    this.attempts = new PointProcess(attempts);
    this.patience = patience;
  }

  /** What a device makes of one attempt. */
  interface Ear {
    /** Hears the word once. */
    Heard hear(Behaviour behaviour, Interval into);
  }

  /**
   * What became of one attempt.
   *
   * @param peak its largest smoothed score
   * @param woke whether the device woke
   */
  record Heard(int peak, boolean woke) {}

  /** Lets people speak for so many active hours. */
  void speak(double activeHours, Behaviour behaviour, Ear ear, Interval into) {
    int spoken = attempts.advance(attemptsPerHour * activeHours);
    for (int i = 0; i < spoken; i++) {
      attempt(behaviour, ear, into);
    }
  }

  private void attempt(Behaviour behaviour, Ear ear, Interval into) {
    int[] missed = new int[MOST_REPETITIONS + 1];
    int misses = 0;
    while (true) {
      Heard heard = ear.hear(behaviour, into);
      into.wakeAttempts++;
      if (heard.woke()) {
        into.wakes++;
        into.peak(Interval.Peak.CONFIRMED_WAKE, heard.peak());
        for (int i = 0; i < misses; i++) {
          into.suspectedFalseRejects++;
          into.peak(Interval.Peak.SUSPECTED_FALSE_REJECT, missed[i]);
        }
        return;
      }
      into.missedWakes++;
      missed[misses++] = heard.peak();
      if (misses > MOST_REPETITIONS || patience.nextDouble() >= REPEATS_AFTER_MISS) {
        for (int i = 0; i < misses; i++) {
          into.nearMiss(missed[i], behaviour.eventFloor());
        }
        return;
      }
    }
  }
}
