package dev.earshot.ndp.chip;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A straight line {@code y = fixed + perMac * macs} through published results, such that the sum of
 * squared relative residuals is least (weighted least squares with weights 1 / y^2): a small model
 * counts as much as a large one.
 *
 * @param fixed cost that every inference has
 * @param perMac cost of one multiply-accumulate
 * @param residuals {@code (line - published) / published}, in the order of the results
 */
public record LinearFit(double fixed, double perMac, List<Double> residuals) {
  public LinearFit {
    residuals = List.copyOf(residuals);
  }

  static LinearFit of(List<PublishedResult> results, ToDoubleFunction<PublishedResult> cost) {
    double w = 0;
    double wx = 0;
    double wy = 0;
    double wxx = 0;
    double wxy = 0;
    for (PublishedResult result : results) {
      double x = result.macs();
      double y = cost.applyAsDouble(result);
      double weight = 1 / (y * y);
      w += weight;
      wx += weight * x;
      wy += weight * y;
      wxx += weight * x * x;
      wxy += weight * x * y;
    }
    double perMac = (w * wxy - wx * wy) / (w * wxx - wx * wx);
    double fixed = (wy - perMac * wx) / w;
    List<Double> residuals =
        results.stream()
            .map(
                result -> {
                  double y = cost.applyAsDouble(result);
                  return (fixed + perMac * result.macs() - y) / y;
                })
            .toList();
    return new LinearFit(fixed, perMac, residuals);
  }

  double at(long macs) {
    return fixed + perMac * macs;
  }

  /** The largest relative residual: the fit's error bar. */
  public double largestResidual() {
    return residuals.stream().mapToDouble(Math::abs).max().orElseThrow();
  }
}
