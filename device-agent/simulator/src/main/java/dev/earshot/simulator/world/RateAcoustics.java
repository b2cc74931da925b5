package dev.earshot.simulator.world;

/**
 * Draws what happens from the rates that the model's evaluation measured at the release's
 * threshold.
 *
 * <ul>
 *   <li>False accepts: a Poisson process with rate {@code measured rate x the device's multiplier x
 *       duty x time of day}. Over a fleet with gamma multipliers, counts are negative binomial.
 *       Near misses likewise, from the rates at lower thresholds.
 *   <li>Attempts: {@link Speakers}; each is missed with the measured probability.
 *   <li>Peaks: of the side of the threshold that is decided already, from the trade-off.
 *   <li>Scores: as many as there were inferences, from the measured distributions.
 * </ul>
 *
 * The processes have a stream of random numbers each and run on their own hazard, so that what
 * happens does not depend on how often anybody looks, nor on the model's other properties.
 */
public final class RateAcoustics implements Acoustics {
  private final DeviceProfile device;
  private final ListeningTime time;
  private final PointProcess falseAccepts;
  private final PointProcess nearMisses;
  private final Speakers speakers;
  private final RandomStream answers;
  private final RandomStream scores;
  private final RandomStream peaks;

  /**
   * @param generation tells the lives of a device apart, so that one that starts again does not
   *     live through the same draws again
   */
  public RateAcoustics(DeviceProfile device, double dailyAmplitude, long seed, long generation) {
    this.device = device;
    this.time = new ListeningTime(device, dailyAmplitude);
    this.falseAccepts = new PointProcess(RandomStream.of(seed, 2, device.index(), generation, 1));
    this.answers = RandomStream.of(seed, 2, device.index(), generation, 3);
    this.speakers =
        new Speakers(device, RandomStream.of(seed, 2, device.index(), generation, 2), answers);
    this.scores = RandomStream.of(seed, 2, device.index(), generation, 4);
    this.nearMisses = new PointProcess(RandomStream.of(seed, 2, device.index(), generation, 5));
    this.peaks = RandomStream.of(seed, 2, device.index(), generation, 6);
  }

  @Override
  public void advance(long fromMillis, long toMillis, Behaviour behaviour, Interval into) {
    if (toMillis <= fromMillis) {
      return;
    }
    long listeningMillis = time.listen(fromMillis, toMillis, into);
    double activeHours = time.activeHours(fromMillis, toMillis);
    double noisyHours = activeHours * device.falseAcceptMultiplier();
    int threshold = behaviour.thresholdScore();
    int floor = behaviour.eventFloor();
    int wrong = falseAccepts.advance(behaviour.falseAcceptsPerHour() * noisyHours);
    for (int i = 0; i < wrong; i++) {
      into.falseAccept(behaviour.talkPeaks().draw(peaks, threshold, Byte.MAX_VALUE));
    }
    int near = nearMisses.advance(behaviour.talkPeaks().between(floor, threshold) * noisyHours);
    for (int i = 0; i < near; i++) {
      into.nearMiss(behaviour.talkPeaks().draw(peaks, floor, threshold), floor);
    }
    speakers.speak(activeHours, behaviour, this::hear, into);
    time.infer(scores, listeningMillis, behaviour, into);
  }

  private Speakers.Heard hear(Behaviour behaviour, Interval into) {
    boolean woke = answers.nextDouble() >= behaviour.falseRejectRate();
    int threshold = behaviour.thresholdScore();
    int peak =
        woke
            ? behaviour.attemptPeaks().draw(peaks, threshold, Byte.MAX_VALUE)
            : behaviour.attemptPeaks().draw(peaks, Byte.MIN_VALUE - 1, threshold);
    into.infer(peak);
    return new Speakers.Heard(peak, woke);
  }
}
