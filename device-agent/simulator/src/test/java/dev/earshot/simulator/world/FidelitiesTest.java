package dev.earshot.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.Environment;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rates and scores agree with one another and with what was measured, at the release's threshold
 * and at others. Counts are compared with 4.5 standard deviations of a Poisson count given the
 * devices, shares with those of a binomial: each comparison fails by chance with probability 7e-6,
 * the 150 of this class together with 1e-3. The seed is fixed.
 */
class FidelitiesTest {
  private static final long HOUR = 3_600_000;
  private static final long START = 1_700_000_000_000L;
  private static final int DEVICES = 120;
  private static final int HOURS = 96;

  /** Makes the ears of a fleet. */
  private interface Ears {
    Acoustics of(DeviceProfile device);
  }

  private static final Ears RATES = device -> new RateAcoustics(device, .6, 11, 0);
  private static final Ears SCORES = device -> new ScoreAcoustics(device, .6, 11, 0);

  private record Lived(Interval interval, double noisyHours) {}

  private static Lived live(Ears ears, Behaviour behaviour) {
    Population population =
        new Population("home", 11, BundledReleasesTest.only(behaviour.environment()));
    Interval interval = new Interval();
    double noisyHours = 0;
    for (int index = 0; index < DEVICES; index++) {
      DeviceProfile device = population.device(index);
      long before = interval.listeningMillis();
      ears.of(device).advance(START, START + HOURS * HOUR, behaviour, interval);
      noisyHours +=
          (interval.listeningMillis() - before)
              / (double) HOUR
              * device.falseAcceptMultiplier();
    }
    return new Lived(interval, noisyHours);
  }

  @ParameterizedTest
  @CsvSource({
    "hey-nova-1.0.0, 0", "hey-nova-1.0.0, 16",
    "hey-nova-1.1.0, 0", "hey-nova-1.1.0, -8",
    "hey-nova-1.2.0, 0", "hey-nova-1.2.0, 8"
  })
  void ratesAndScores_showTheTradeOffAtAnyThreshold(String release, int moved) throws IOException {
    Evaluation evaluation = BundledReleasesTest.read(release);
    int threshold = evaluation.thresholdScore() + moved;
    for (EnvironmentResult measured : evaluation.environments()) {
      Environment environment = Labels.environment(measured.environment());
      Behaviour behaviour =
          Objects.requireNonNull(Behaviour.of(evaluation, threshold).get(environment));
      Evaluation.DetPoint point = measured.at(threshold).orElseThrow();
      for (Ears ears : List.of(RATES, SCORES)) {
        Lived lived = live(ears, behaviour);
        Interval interval = lived.interval();
        String where =
            release
                + " at "
                + threshold
                + " in "
                + measured.environment()
                + (ears == RATES ? " by rates" : " by scores");
        double expected = point.falseAcceptsPerHour() * lived.noisyHours();
        assertEquals(
            expected, (double) interval.falseAccepts(), 4.5 * Math.sqrt(expected) + 1e-9, where);
        double rate = point.falseRejectRate();
        double attempts = interval.wakeAttempts();
        assertEquals(
            rate,
            interval.missedWakes() / attempts,
            4.5 * Math.sqrt(rate * (1 - rate) / attempts),
            where);
        int edge = threshold + 8 | 7;
        double higher =
            measured.at(edge).orElseThrow().falseAcceptsPerHour() * lived.noisyHours();
        assertEquals(higher, above(interval, edge), 4.5 * Math.sqrt(higher) + 1e-9, where);
      }
    }
  }

  /** How many false accepts rose above that threshold; it must be the edge of a bucket. */
  private static double above(Interval interval, int threshold) {
    List<Integer> peaks = interval.peaks(Interval.Peak.FALSE_ACCEPT);
    return peaks.stream().skip(Evaluation.scoreBucket(threshold + 1)).mapToInt(i -> i).sum();
  }

  /** The promise of scores: the events are the same, only what is made of them differs. */
  @Test
  void anotherThreshold_decidesOtherwiseAboutTheSameEvents() throws IOException {
    Evaluation evaluation = BundledReleasesTest.read("hey-nova-1.0.0");
    Behaviour low = in(Environment.FACTORY, evaluation, 63);
    Behaviour high = in(Environment.FACTORY, evaluation, 79);
    Interval lenient = live(SCORES, low).interval();
    Interval strict = live(SCORES, high).interval();
    assertTrue(strict.falseAccepts() < lenient.falseAccepts(), strict.falseAccepts() + " are fewer");
    assertEquals((int) above(lenient, 79), strict.falseAccepts());
    int events = lenient.falseAccepts() + nearMisses(lenient);
    assertTrue(
        strict.falseAccepts() + nearMisses(strict) >= events,
        "what no longer wakes is a near miss");
  }

  private static int nearMisses(Interval interval) {
    return interval.peaks(Interval.Peak.NEAR_MISS).stream().mapToInt(i -> i).sum();
  }

  private static Behaviour in(Environment environment, Evaluation evaluation, int threshold) {
    return Objects.requireNonNull(Behaviour.of(evaluation, threshold).get(environment));
  }
}
