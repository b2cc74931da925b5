package dev.earshot.monitoring.health;

import dev.earshot.protocol.v1.HealthTotals;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * What was counted up to some moment. Immutable; of one partition or of several added up.
 *
 * @param totals sums of intervals since the beginning
 * @param devices how many devices bear the labels
 * @param updates how many devices' newest update stands there
 * @param silent how many devices are silent; of the last whole walk over the devices
 * @param ages how long ago devices were heard; of that walk, too
 * @param fold the label values that are counted under {@code other} in all of them
 */
public record FleetSnapshot(
    Map<HealthKey, HealthTotals> totals,
    Map<PopulationKey, Long> devices,
    Map<UpdateKey, Long> updates,
    Map<SilenceKey, Long> silent,
    Map<FleetKey, AgeHistogram> ages,
    LabelFold fold) {

  /** Nothing was counted. */
  public static final FleetSnapshot EMPTY =
      new FleetSnapshot(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), LabelFold.NONE);

  public FleetSnapshot {
    totals = Map.copyOf(totals);
    devices = Map.copyOf(devices);
    updates = Map.copyOf(updates);
    silent = Map.copyOf(silent);
    ages = Map.copyOf(ages);
  }

  /** Both together, with what either folds folded. */
  public FleetSnapshot plus(FleetSnapshot other) {
    LabelFold both = fold.and(other.fold);
    return new FleetSnapshot(
            added(totals, other.totals, Totals::plus),
            added(devices, other.devices, Long::sum),
            added(updates, other.updates, Long::sum),
            added(silent, other.silent, Long::sum),
            added(ages, other.ages, AgeHistogram::plus),
            both)
        .folded(both);
  }

  /** The same counts with those label values folded. */
  public FleetSnapshot folded(LabelFold more) {
    return more.size() == 0
        ? this
        : new FleetSnapshot(
            folded(totals, more, Totals::plus),
            folded(devices, more, Long::sum),
            folded(updates, more, Long::sum),
            folded(silent, more, Long::sum),
            folded(ages, more, AgeHistogram::plus),
            fold.and(more));
  }

  /** Sums by release and environment: what score histograms are made of. */
  public Map<ScoreKey, HealthTotals> scores() {
    Map<ScoreKey, HealthTotals> sums = new HashMap<>();
    totals.forEach(
        (key, value) ->
            sums.merge(new ScoreKey(key.release(), key.environment()), value, Totals::plus));
    return sums;
  }

  /** Sums by release and chip: what latency histograms are made of. */
  public Map<LatencyKey, HealthTotals> latencies() {
    Map<LatencyKey, HealthTotals> sums = new HashMap<>();
    totals.forEach(
        (key, value) -> sums.merge(new LatencyKey(key.release(), key.chip()), value, Totals::plus));
    return sums;
  }

  private static <K extends LabelSet<K>, V> Map<K, V> folded(
      Map<K, V> counts, LabelFold fold, BinaryOperator<V> plus) {
    Map<K, V> result = new HashMap<>();
    counts.forEach((key, value) -> result.merge(key.folded(fold), value, plus));
    return result;
  }

  private static <K, V> Map<K, V> added(Map<K, V> a, Map<K, V> b, BinaryOperator<V> plus) {
    Map<K, V> sum = new HashMap<>(a);
    b.forEach((key, value) -> sum.merge(key, value, plus));
    return sum;
  }
}
