package dev.earshot.simulator.world;

/**
 * Draws how high every event rises, from the distributions that the model's evaluation measured in
 * that environment, and applies the release's threshold to it. Events do not know of the threshold:
 * with the same seed another one decides otherwise about the very same events.
 *
 * <p>In the mean it agrees with {@link RateAcoustics}, which decides first and draws the peak then.
 */
public final class ScoreAcoustics implements Acoustics {
  private final DeviceProfile device;
  private final ListeningTime time;
  private final PointProcess talk;
  private final Speakers speakers;
  private final RandomStream talkPeaks;
  private final RandomStream attemptPeaks;
  private final RandomStream scores;

  /**
   * @param generation as for {@link RateAcoustics}
   */
  public ScoreAcoustics(DeviceProfile device, double dailyAmplitude, long seed, long generation) {
    this.device = device;
    this.time = new ListeningTime(device, dailyAmplitude);
    this.talk = new PointProcess(RandomStream.of(seed, 2, device.index(), generation, 1));
    this.speakers =
        new Speakers(
            device,
            RandomStream.of(seed, 2, device.index(), generation, 2),
            RandomStream.of(seed, 2, device.index(), generation, 3));
    this.scores = RandomStream.of(seed, 2, device.index(), generation, 4);
    this.talkPeaks = RandomStream.of(seed, 2, device.index(), generation, 6);
    this.attemptPeaks = RandomStream.of(seed, 2, device.index(), generation, 7);
  }

  @Override
  public void advance(long fromMillis, long toMillis, Behaviour behaviour, Interval into) {
    if (toMillis <= fromMillis) {
      return;
    }
    long listeningMillis = time.listen(fromMillis, toMillis, into);
    double activeHours = time.activeHours(fromMillis, toMillis);
    int floor = behaviour.eventFloor();
    int events =
        talk.advance(
            behaviour.talkPeaks().above(floor) * activeHours * device.falseAcceptMultiplier());
    for (int i = 0; i < events; i++) {
      int peak = behaviour.talkPeaks().draw(talkPeaks, floor, Byte.MAX_VALUE);
      if (peak > behaviour.thresholdScore()) {
        into.falseAccept(peak);
      } else {
        into.nearMiss(peak, floor);
      }
    }
    speakers.speak(activeHours, behaviour, this::hear, into);
    time.infer(scores, listeningMillis, behaviour, into);
  }

  private Speakers.Heard hear(Behaviour behaviour, Interval into) {
    int peak = behaviour.attemptPeaks().draw(attemptPeaks, Byte.MIN_VALUE - 1, Byte.MAX_VALUE);
    into.infer(peak);
    return new Speakers.Heard(peak, peak > behaviour.thresholdScore());
  }
}
