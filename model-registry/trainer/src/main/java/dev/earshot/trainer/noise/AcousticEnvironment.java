package dev.earshot.trainer.noise;

import java.util.Arrays;
import java.util.Locale;

/**
 * Where a device listens. Levels are relative to full scale (dBFS, root mean square); the ratio of
 * speech to noise is that of the speech's active parts to the noise around it. The ranges are our
 * own choice of what is ordinary in such places, not measurements.
 */
public enum AcousticEnvironment {
  QUIET(-68, -56, 22, 38, 120, 350),
  KITCHEN(-50, -40, 6, 22, 200, 500),
  CAR(-44, -32, 2, 16, 40, 90),
  FACTORY(-42, -32, 2, 14, 400, 900),
  STADIUM(-42, -32, 3, 14, 0, 0);

  private final double softestNoiseDbfs;
  private final double loudestNoiseDbfs;
  private final double lowestSpeechToNoiseDb;
  private final double highestSpeechToNoiseDb;
  private final double shortestReverberationMillis;
  private final double longestReverberationMillis;

  AcousticEnvironment(
      double softestNoiseDbfs,
      double loudestNoiseDbfs,
      double lowestSpeechToNoiseDb,
      double highestSpeechToNoiseDb,
      double shortestReverberationMillis,
      double longestReverberationMillis) {
    this.softestNoiseDbfs = softestNoiseDbfs;
    this.loudestNoiseDbfs = loudestNoiseDbfs;
    this.lowestSpeechToNoiseDb = lowestSpeechToNoiseDb;
    this.highestSpeechToNoiseDb = highestSpeechToNoiseDb;
    this.shortestReverberationMillis = shortestReverberationMillis;
    this.longestReverberationMillis = longestReverberationMillis;
  }

  /** Loudness of the noise. */
  public Range noiseDbfs() {
    return new Range(softestNoiseDbfs, loudestNoiseDbfs);
  }

  /** How much louder than the noise somebody speaks. */
  public Range speechToNoiseDb() {
    return new Range(lowestSpeechToNoiseDb, highestSpeechToNoiseDb);
  }

  /** How long the echo takes to fall by 60 dB; zero in the open air. */
  public Range reverberationMillis() {
    return new Range(shortestReverberationMillis, longestReverberationMillis);
  }

  /** {@code kitchen} for KITCHEN: the word in recipes, evaluations and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The environment of that label. */
  public static AcousticEnvironment of(String label) {
    return Arrays.stream(values())
        .filter(environment -> environment.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "environment: '"
                        + label
                        + "' (expected: one of "
                        + Arrays.toString(
                            Arrays.stream(values()).map(AcousticEnvironment::label).toArray())
                        + ")"));
  }

  /** From {@code low} to {@code high}, both in the unit that the owner names. */
  public record Range(double low, double high) {
    public Range {
      if (!(low <= high)) {
        throw new IllegalArgumentException(
            "range: " + low + " to " + high + " (expected: low <= high)");
      }
    }
  }
}
