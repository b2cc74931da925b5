package dev.earshot.monitoring.health;

import java.util.List;

/**
 * How long ago the devices of a fleet were last heard, as counts by age. Not for use by several
 * threads at once while it is filled.
 */
public final class AgeHistogram {
  private static final List<Double> BOUNDS =
      List.of(
          60.0, 300.0, 900.0, 1_800.0, 2_700.0, 3_600.0, 10_800.0, 43_200.0, 86_400.0, 604_800.0);

  private final long[] counts = new long[BOUNDS.size() + 1];
  private double sumSeconds;

  /** Upper bounds of all buckets but the last, seconds. */
  public static List<Double> bounds() {
    return BOUNDS;
  }

  /** Counts one device. */
  public void add(double ageSeconds) {
    int bucket = 0;
    while (bucket < BOUNDS.size() && ageSeconds > BOUNDS.get(bucket)) {
      bucket++;
    }
    counts[bucket]++;
    sumSeconds += ageSeconds;
  }

  /** The devices of both. */
  public AgeHistogram plus(AgeHistogram other) {
    AgeHistogram sum = new AgeHistogram();
    for (int i = 0; i < counts.length; i++) {
      sum.counts[i] = counts[i] + other.counts[i];
    }
    sum.sumSeconds = sumSeconds + other.sumSeconds;
    return sum;
  }

  /** Devices in a bucket. */
  public long count(int bucket) {
    return counts[bucket];
  }

  /** Ages added up, seconds. */
  public double sumSeconds() {
    return sumSeconds;
  }
}
