package dev.earshot.registry.gc;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What one collection saw and did. Every blob is in exactly one of {@code used}, {@code linked},
 * {@code young}, {@code spared} and {@code deleted}.
 *
 * @param dryRun whether {@code deleted} is what would have been deleted
 * @param startedAt by the store's clock
 * @param grace how long a blob is safe after it was stored or claimed
 * @param used blobs that releases, manifests, tags or referrers refer to
 * @param linked blobs that nothing but a repository's link keeps: deleting them there frees them
 * @param young blobs that nothing refers to and whose grace has not passed
 * @param spared blobs that were stored or claimed while the collection ran, after it had found them
 *     to be garbage
 * @param deleted blobs that are gone
 * @param missing manifests that are referred to and not here
 * @param blobs the first {@link #LONGEST} of those that were deleted, in the order of digests
 */
public record GcReport(
    boolean dryRun,
    Instant startedAt,
    Duration grace,
    Amount used,
    Amount linked,
    Amount young,
    Amount spared,
    Amount deleted,
    int missing,
    List<Deleted> blobs) {
  /** How many deleted blobs a report names. */
  public static final int LONGEST = 1000;

  public GcReport {
    blobs = List.copyOf(blobs);
  }

  /**
   * How much of something.
   *
   * @param count blobs
   * @param bytes their content
   */
  public record Amount(long count, long bytes) {
    static final Amount NONE = new Amount(0, 0);

    Amount plus(long length) {
      return new Amount(count + 1, bytes + length);
    }
  }

  /**
   * One blob.
   *
   * @param modified when it was last stored or claimed, by the store's clock
   */
  public record Deleted(String digest, long bytes, Instant modified) {}

  /** Everything that is still there. */
  public Amount kept() {
    Amount sum = Amount.NONE;
    for (Amount each : List.of(used, linked, young, spared)) {
      sum = new Amount(sum.count() + each.count(), sum.bytes() + each.bytes());
    }
    return sum;
  }
}
