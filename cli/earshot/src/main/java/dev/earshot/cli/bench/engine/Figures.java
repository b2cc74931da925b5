package dev.earshot.cli.bench.engine;

import dev.earshot.cli.bench.Medians;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured of one model.
 *
 * @param macs multiply-accumulates of an inference
 * @param firstMicros processor time of the process's first inference, before anything is compiled
 * @param micros processor time of an inference, for each round
 * @param allocatedBytes of an inference
 * @param perSecond inferences of one thread and of two, for each round
 */
record Figures(
    TinyModel model,
    long macs,
    double firstMicros,
    Map<Contestant, List<Double>> micros,
    Map<Contestant, Double> allocatedBytes,
    List<List<Double>> perSecond,
    Footprint footprint) {
  Figures {
    micros = new EnumMap<>(micros);
    allocatedBytes = new EnumMap<>(allocatedBytes);
    perSecond = List.copyOf(perSecond);
  }

  /** The engine as it runs this model when nothing else is said. */
  Contestant engine() {
    return micros.containsKey(Contestant.MACHINE) ? Contestant.MACHINE : Contestant.VECTOR;
  }

  /** Median of the rounds; NaN when it was not measured. */
  double micros(Contestant contestant) {
    return Medians.of(rounds(contestant), value -> value);
  }

  private List<Double> rounds(Contestant contestant) {
    return micros.getOrDefault(contestant, List.of());
  }

  /** Median of the rounds' ratios. */
  double ratio(Contestant one, Contestant other) {
    return Medians.ratio(rounds(one), rounds(other), value -> value);
  }

  /**
   * A round's ratio.
   *
   * @param share 0 for the lowest, 1 for the highest
   */
  double ratio(Contestant one, Contestant other, double share) {
    List<Double> above = rounds(one);
    List<Double> below = rounds(other);
    double[] ratios = new double[Math.min(above.size(), below.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = above.get(i) / below.get(i);
    }
    Arrays.sort(ratios);
    return ratios.length == 0 ? Double.NaN : ratios[(int) Math.round(share * (ratios.length - 1))];
  }

  double allocated(Contestant contestant) {
    return allocatedBytes.getOrDefault(contestant, Double.NaN);
  }

  /** Median of one thread (index 0) or of two. */
  double perSecond(int index) {
    return Medians.of(perSecond.get(index), value -> value);
  }

  /** What two threads do to what one does. */
  double scaling() {
    return Medians.ratio(perSecond.get(1), perSecond.get(0), value -> value);
  }
}
