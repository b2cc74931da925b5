package dev.earshot.simulator.world;

/**
 * How busy the surroundings are over a day: {@code 1 + amplitude * cos(2 pi (hour - 15) / 24)} in
 * local time, so least at 3 in the night, most at 3 in the afternoon, and 1 on the average of a
 * day.
 *
 * @param amplitude 0 (no cycle) to 1 (dead silence at night)
 */
record DailyCycle(double amplitude) {
  private static final double MILLIS_OF_DAY = 86_400_000;
  private static final double BUSIEST = 15.0 / 24;

  DailyCycle {
    if (!(amplitude >= 0 && amplitude <= 1)) {
      throw new IllegalArgumentException(
          "dailyAmplitude: " + amplitude + " (expected: between 0 and 1)");
    }
  }

  /** The activity summed over local time {@code [fromMillis, toMillis)}, in milliseconds. */
  double activeMillis(long fromMillis, long toMillis) {
    return (toMillis - fromMillis)
        + amplitude * MILLIS_OF_DAY / (2 * Math.PI) * (sine(toMillis) - sine(fromMillis));
  }

  private static double sine(long localMillis) {
    double dayShare = Math.floorMod(localMillis, (long) MILLIS_OF_DAY) / MILLIS_OF_DAY;
    return StrictMath.sin(2 * Math.PI * (dayShare - BUSIEST));
  }
}
