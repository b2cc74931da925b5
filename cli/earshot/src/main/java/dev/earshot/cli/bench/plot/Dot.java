package dev.earshot.cli.bench.plot;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Something with a quality and costs.
 *
 * @param series what it can be compared with: things of one series
 * @param symbol of the series
 * @param name beside it
 * @param quality in percent, more is better; nothing where it is not known
 * @param costs one for each panel of the plot, above 0; less is better
 */
public record Dot(
    String series, Symbol symbol, String name, OptionalDouble quality, List<Cost> costs) {
  /**
   * A cost.
   *
   * @param value in the unit of its panel
   * @param low lower end of its error bar
   * @param high upper end of its error bar
   */
  public record Cost(double value, double low, double high) {
    public Cost {
      if (!(value > 0 && low >= 0 && low <= value && high >= value)) {
        throw new IllegalArgumentException(
            "cost: " + value + " with an error bar from " + low + " to " + high);
      }
    }

    /** One without an error bar. */
    public static Cost exact(double value) {
      return new Cost(value, value, value);
    }
  }

  public Dot {
    costs = List.copyOf(costs);
  }

  /** Whether another of the same series is nowhere worse and somewhere better. */
  boolean isBeatenBy(Dot other, int panel) {
    if (!other.series.equals(series) || other.quality.isEmpty() || quality.isEmpty()) {
      return false;
    }
    int better = Double.compare(other.quality.getAsDouble(), quality.getAsDouble());
    int cheaper = Double.compare(costs.get(panel).value(), other.costs.get(panel).value());
    return better >= 0 && cheaper >= 0 && better + cheaper > 0;
  }

  /** Those of a series that nothing beats, cheapest first: the Pareto front. */
  static List<Dot> front(List<Dot> dots, String series, int panel) {
    return dots.stream()
        .filter(dot -> dot.series.equals(series) && dot.quality.isPresent())
        .filter(dot -> dots.stream().noneMatch(other -> dot.isBeatenBy(other, panel)))
        .sorted(
            (one, other) ->
                Double.compare(one.costs.get(panel).value(), other.costs.get(panel).value()))
        .toList();
  }
}
