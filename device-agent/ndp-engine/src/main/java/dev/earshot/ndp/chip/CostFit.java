package dev.earshot.ndp.chip;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A cost of an inference, {@code fixed + perMac * macs + perWeight * weights}, through published
 * results. {@code perWeight} is given; the other two are such that the sum of squared relative
 * residuals is least (weighted least squares with weights 1 / y^2): a small model counts as much as
 * a large one.
 *
 * <p>The error bar of a prediction is one standard error of a regression's prediction (it grows
 * with the distance from the results that were fitted), times Student's t for 68 % at as many
 * degrees of freedom as there are results beyond two.
 */
public final class CostFit {
  /** Student's t, two-sided 68.27 %, for 1, 2, 3 degrees of freedom. */
  private static final double[] STUDENT_T = {1.837, 1.321, 1.197};

  private final List<Workload> works;
  private final double[] costs;
  private final double perWeight;
  private final double fixed;
  private final double perMac;

  /** Sums of weights, weights times macs, and weights times squared macs. */
  private final double w;

  private final double wx;
  private final double wxx;

  private CostFit(List<Workload> works, double[] costs, double perWeight) {
    if (works.size() < 2) {
      throw new IllegalArgumentException("results: " + works.size() + " (expected: at least 2)");
    }
    this.works = works;
    this.costs = costs;
    this.perWeight = perWeight;
    double sum = 0;
    double sumX = 0;
    double sumXx = 0;
    double sumY = 0;
    double sumXy = 0;
    for (int i = 0; i < costs.length; i++) {
      double x = works.get(i).macs();
      double y = costs[i] - perWeight * works.get(i).weights();
      double weight = 1 / (costs[i] * costs[i]);
      sum += weight;
      sumX += weight * x;
      sumXx += weight * x * x;
      sumY += weight * y;
      sumXy += weight * x * y;
    }
    w = sum;
    wx = sumX;
    wxx = sumXx;
    perMac = (w * sumXy - wx * sumY) / (w * wxx - wx * wx);
    fixed = (sumY - perMac * wx) / w;
  }

  static CostFit of(
      List<PublishedResult> results, ToDoubleFunction<PublishedResult> cost, double perWeight) {
    return new CostFit(
        results.stream().map(PublishedResult::work).toList(),
        results.stream().mapToDouble(cost).toArray(),
        perWeight);
  }

  /** The same results with another cost of a weight. */
  CostFit with(double otherPerWeight) {
    return new CostFit(works, costs, otherPerWeight);
  }

  /**
   * The same results with the cost of a weight that they like best. With three results that leaves
   * no residual and thus no error bar: it tells what can't be excluded, not what is true.
   */
  CostFit solved() {
    // Residuals are linear in the cost of a weight: r0 + perWeight * slope.
    List<Double> zero = with(0).residuals();
    List<Double> one = with(1).residuals();
    double product = 0;
    double square = 0;
    for (int i = 0; i < zero.size(); i++) {
      double slope = one.get(i) - zero.get(i);
      product += zero.get(i) * slope;
      square += slope * slope;
    }
    return with(-product / square);
  }

  /** Cost that every inference has. */
  public double fixed() {
    return fixed;
  }

  /** Cost of one multiply-accumulate. */
  public double perMac() {
    return perMac;
  }

  /** Cost of one weight; given, not fitted. */
  public double perWeight() {
    return perWeight;
  }

  /** {@code (fit - published) / published}, in the order of the results. */
  public List<Double> residuals() {
    return IntStream.range(0, costs.length)
        .mapToObj(i -> (at(works.get(i)) - costs[i]) / costs[i])
        .toList();
  }

  /**
   * The same, each result held against a fit to the others: how well this predicts what it has not
   * seen. With three results that is a line through two of them.
   */
  public List<Double> leftOutResiduals() {
    return IntStream.range(0, costs.length)
        .mapToObj(
            left -> {
              int[] kept = IntStream.range(0, costs.length).filter(i -> i != left).toArray();
              CostFit others =
                  new CostFit(
                      IntStream.of(kept).mapToObj(works::get).toList(),
                      IntStream.of(kept).mapToDouble(i -> costs[i]).toArray(),
                      perWeight);
              return (others.at(works.get(left)) - costs[left]) / costs[left];
            })
        .toList();
  }

  double at(Workload work) {
    return fixed + perMac * work.macs() + perWeight * work.weights();
  }

  /** Half width of the error bar of a prediction for one more system of this kind. */
  double halfWidth(Workload work) {
    double x = work.macs();
    double value = at(work);
    double leverage = (wxx - 2 * x * wx + x * x * w) / (w * wxx - wx * wx);
    return studentT() * relativeDeviation() * Math.sqrt(leverage + value * value);
  }

  /** The error bar of {@link #perMac}, as a share of it. */
  double relativeErrorPerMac() {
    return studentT() * relativeDeviation() * Math.sqrt(w / (w * wxx - wx * wx)) / perMac;
  }

  private double relativeDeviation() {
    double sum = residuals().stream().mapToDouble(r -> r * r).sum();
    return Math.sqrt(sum / (costs.length - 2));
  }

  private double studentT() {
    return STUDENT_T[costs.length - 3];
  }
}
