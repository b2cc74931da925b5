package dev.earshot.cli.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Medians over rounds. */
public final class Medians {
  private Medians() {}

  /** NaN of nothing; the mean of the two in the middle of an even number. */
  public static double of(double... values) {
    double[] sorted = values.clone();
    java.util.Arrays.sort(sorted);
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Of one figure over the rounds. */
  public static <T> double of(List<T> rounds, ToDoubleFunction<T> figure) {
    return of(rounds.stream().mapToDouble(figure).toArray());
  }

  /**
   * Of one figure's ratio of two that were measured in the same rounds: what slows the machine for
   * a minute slows both.
   */
  public static <T> double ratio(List<T> rounds, List<T> peers, ToDoubleFunction<T> figure) {
    return of(
        IntStream.range(0, Math.min(rounds.size(), peers.size()))
            .mapToDouble(
                i -> figure.applyAsDouble(rounds.get(i)) / figure.applyAsDouble(peers.get(i)))
            .toArray());
  }
}
