package dev.earshot.rollout.gate;

import java.util.List;

/**
 * The fleet-wide rates of one stratum that every partition uses to weigh its devices. They need not
 * be the newest: an older version of {@code blockRate} costs a little power and no validity, as
 * long as all partitions use the same one.
 *
 * @param priorRate lambda0, events per exposure hour before any offer, at least 0
 * @param blockRate c0, events per exposure hour in the running block, both arms, at least 0
 * @param finishedRates c of each finished block ({@link CountsScore#rate()} of its last evaluation
 *     at the same theta0), by block index
 */
public record StratumRates(double priorRate, double blockRate, List<Double> finishedRates) {
  public StratumRates {
    Checks.atLeastZero("priorRate", priorRate);
    Checks.atLeastZero("blockRate", blockRate);
    finishedRates = List.copyOf(finishedRates);
    for (double rate : finishedRates) {
      Checks.atLeastZero("finishedRates", rate);
    }
  }

  double finishedRate(int block) {
    if (block >= finishedRates.size()) {
      throw new IllegalArgumentException(
          "finishedRates: no rate for block "
              + block
              + " (expected: one for each of the blocks that a device has finished)");
    }
    return finishedRates.get(block);
  }
}
