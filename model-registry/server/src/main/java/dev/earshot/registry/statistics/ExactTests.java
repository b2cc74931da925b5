package dev.earshot.registry.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * Two-sided exact tests of "both are the same". A p value is the chance of an outcome that is at
 * most as likely as the one seen, were they the same. Both tests take the two samples as
 * independent; when both releases heard the same audio their errors agree more than that, and the
 * tests then err on the side of saying nothing.
 */
public final class ExactTests {
  /** Outcomes this close in likelihood count as equally likely, as in R's tests. */
  private static final double ALIKE = 1 + 1e-7;

  private ExactTests() {}

  /**
   * Whether two Poisson rates differ, by the conditional test: given the sum, the first count is
   * binomial with the first's share of the exposure. Przyborowski and Wilenski: Homogeneity of
   * results in testing samples from Poisson series, Biometrika 31 (1940).
   */
  public static double rates(int eventsA, double exposureA, int eventsB, double exposureB) {
    if (!(eventsA >= 0 && eventsB >= 0 && exposureA > 0 && exposureB > 0)) {
      throw new IllegalArgumentException(
          "events: %d over %s and %d over %s (expected: >= 0 over > 0)"
              .formatted(eventsA, exposureA, eventsB, exposureB));
    }
    int sum = Math.addExact(eventsA, eventsB);
    if (sum == 0) {
      return 1;
    }
    BinomialDistribution given = BinomialDistribution.of(sum, exposureA / (exposureA + exposureB));
    return twoSided(given::probability, eventsA, 0, sum);
  }

  /**
   * Whether two shares differ. Fisher: The logic of inductive inference, Journal of the Royal
   * Statistical Society 98 (1935): given all margins, the first count is hypergeometric.
   */
  public static double shares(int hitsA, int ofA, int hitsB, int ofB) {
    if (!(hitsA >= 0 && hitsA <= ofA && hitsB >= 0 && hitsB <= ofB)) {
      throw new IllegalArgumentException(
          "hits: %d of %d and %d of %d (expected: between 0 and that)"
              .formatted(hitsA, ofA, hitsB, ofB));
    }
    if (ofA == 0 || ofB == 0) {
      return 1;
    }
    HypergeometricDistribution given =
        HypergeometricDistribution.of(Math.addExact(ofA, ofB), hitsA + hitsB, ofA);
    return twoSided(
        given::probability, hitsA, given.getSupportLowerBound(), given.getSupportUpperBound());
  }

  /**
   * P values adjusted for being several, in the given order: below the level then holds for all of
   * them together, whatever their dependence. Holm: A simple sequentially rejective multiple test
   * procedure, Scandinavian Journal of Statistics 6 (1979).
   */
  public static List<Double> holm(List<Double> values) {
    List<Integer> ascending =
        IntStream.range(0, values.size())
            .boxed()
            .sorted(Comparator.comparing(values::get))
            .toList();
    List<Double> adjusted = new ArrayList<>(values);
    double least = 0;
    for (int rank = 0; rank < ascending.size(); rank++) {
      int index = ascending.get(rank);
      least = Math.max(least, Math.min(1, (ascending.size() - rank) * values.get(index)));
      adjusted.set(index, least);
    }
    return List.copyOf(adjusted);
  }

  private static double twoSided(IntToDoubleFunction probability, int seen, int low, int high) {
    double bar = probability.applyAsDouble(seen) * ALIKE;
    return Math.min(
        1, IntStream.rangeClosed(low, high).mapToDouble(probability).filter(p -> p <= bar).sum());
  }
}
