package dev.earshot.rollout.gate;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Scores of finished blocks (stages) of one rollout at one theta0. When a stage ends, its devices'
 * counts become history ({@link DeviceCounts#finishBlock}) and its scores are added here; the next
 * block continues the same test.
 *
 * @param pooled sum of the blocks' pooled scores
 * @param strata sum of the blocks' scores in each stratum
 */
public record BlockTotals(CountsScore pooled, NavigableMap<String, CountsScore> strata) {
  /** Before the first block. */
  public static final BlockTotals NONE = new BlockTotals(CountsScore.NONE, new TreeMap<>());

  public BlockTotals {
    strata = Collections.unmodifiableNavigableMap(new TreeMap<>(strata));
  }

  /** The scores of one block. */
  static BlockTotals of(Map<String, TwoArms> arms) {
    NavigableMap<String, TwoArms> sorted = new TreeMap<>(arms);
    NavigableMap<String, CountsScore> strata = new TreeMap<>();
    sorted.forEach((stratum, sums) -> strata.put(stratum, CountsScore.of(sums)));
    return new BlockTotals(CountsScore.pooled(sorted.values()), strata);
  }

  /** These totals with {@code block}'s scores added. */
  public BlockTotals plus(BlockTotals block) {
    NavigableMap<String, CountsScore> sum = new TreeMap<>(strata);
    block.strata.forEach((stratum, score) -> sum.merge(stratum, score, CountsScore::plus));
    return new BlockTotals(pooled.plus(block.pooled), sum);
  }
}
