package dev.earshot.rollout.gate;

/**
 * Adds up {@link RateSums} device by device; the result is the same in any order. Not thread-safe.
 */
public final class RateAdder {
  private final ExactSum exposure = new ExactSum();
  private final ExactSum priorExposure = new ExactSum();
  private final ExactSum count = new ExactSum();
  private final ExactSum priorCount = new ExactSum();

  /** Adds a device. */
  public void add(DeviceCounts device) {
    exposure.add(device.exposureHours());
    priorExposure.add(device.priorExposureHours());
    count.add(device.count());
    priorCount.add(device.priorCount());
  }

  /** The sums so far. */
  public RateSums sums() {
    return new RateSums(exposure.value(), count.value(), priorExposure.value(), priorCount.value());
  }
}
