package dev.earshot.ndp.chip;

import dev.earshot.ndp.ModelSummary;

/**
 * What one inference asks of a chip.
 *
 * @param macs multiply-accumulates
 * @param weights elements of weights and biases, each fetched from memory at least once
 */
public record Workload(long macs, long weights) {
  public Workload {
    if (macs < 0) {
      throw new IllegalArgumentException("macs: " + macs + " (expected: >= 0)");
    }
    if (weights < 0) {
      throw new IllegalArgumentException("weights: " + weights + " (expected: >= 0)");
    }
  }

  public static Workload of(ModelSummary model) {
    return new Workload(model.macs(), model.parameters());
  }
}
