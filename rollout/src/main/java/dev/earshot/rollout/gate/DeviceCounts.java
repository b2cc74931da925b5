package dev.earshot.rollout.gate;

import java.util.ArrayList;
import java.util.List;

/**
 * What one device contributes to a {@link CountsGate}, in one stratum: events and exposure since
 * its real or sham offer in the block that runs now, the same over at least 24 h on the old release
 * before any offer, and the blocks that ended before. Plain sums: the order in which reports
 * arrived cannot be told from them.
 *
 * <p>A block is a stretch of a rollout in which no device changes its arm: a stage.
 *
 * @param exposureHours listening hours (or wake attempts) in the running block, at least 0
 * @param count events in them, at least 0
 * @param priorExposureHours exposure before the first offer, at least 0; 0 when the device is new
 * @param priorCount events in it, at least 0
 * @param finished what happened in earlier blocks since the first offer, by ascending block
 */
public record DeviceCounts(
    double exposureHours,
    long count,
    double priorExposureHours,
    long priorCount,
    List<FinishedBlock> finished) {

  /**
   * A device's part of a block that has ended.
   *
   * @param block index of the block, from 0
   * @param treated whether the device was in the treated arm during that block
   * @param exposureHours exposure in it, at least 0
   * @param count events in it, at least 0
   */
  public record FinishedBlock(int block, boolean treated, double exposureHours, long count) {
    public FinishedBlock {
      Checks.atLeastZero("block", block);
      Checks.atLeastZero("exposureHours", exposureHours);
      Checks.atLeastZero("count", count);
    }
  }

  public DeviceCounts {
    Checks.atLeastZero("exposureHours", exposureHours);
    Checks.atLeastZero("count", count);
    Checks.atLeastZero("priorExposureHours", priorExposureHours);
    Checks.atLeastZero("priorCount", priorCount);
    finished = List.copyOf(finished);
    for (int i = 1; i < finished.size(); i++) {
      if (finished.get(i).block() <= finished.get(i - 1).block()) {
        throw new IllegalArgumentException(
            "finished: block "
                + finished.get(i).block()
                + " after block "
                + finished.get(i - 1).block()
                + " (expected: ascending)");
      }
    }
  }

  /** A device in its first block. */
  public DeviceCounts(
      double exposureHours, long count, double priorExposureHours, long priorCount) {
    this(exposureHours, count, priorExposureHours, priorCount, List.of());
  }

  /**
   * This device with the running block closed as {@code block} and nothing yet in the next.
   *
   * @param block index of the block that ends, above every finished one
   * @param treated the arm that the device was in during it
   */
  public DeviceCounts finishBlock(int block, boolean treated) {
    List<FinishedBlock> all = new ArrayList<>(finished);
    all.add(new FinishedBlock(block, treated, exposureHours, count));
    return new DeviceCounts(0, 0, priorExposureHours, priorCount, all);
  }

  /** n0: events before the running block, in prior exposure and finished blocks. */
  public long historyCount() {
    long sum = priorCount;
    for (FinishedBlock block : finished) {
      sum += block.count();
    }
    return sum;
  }

  /**
   * The events that an average device would have had in this device's history: {@code lambda0 e0 +
   * sum over finished blocks of c e}, times {@code theta0} where it was treated.
   */
  double expectedHistory(StratumRates rates, double theta0) {
    double expected = rates.priorRate() * priorExposureHours;
    for (FinishedBlock block : finished) {
      double ratio = block.treated() ? theta0 : 1;
      expected += ratio * rates.finishedRate(block.block()) * block.exposureHours();
    }
    return expected;
  }
}
