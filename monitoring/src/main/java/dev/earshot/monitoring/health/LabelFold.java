package dev.earshot.monitoring.health;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Label values that are shown as {@value #OTHER}. What is counted under them stays counted: sums
 * over all values are the same with and without. Immutable; a value once folded stays folded.
 */
public final class LabelFold {
  /** What folded values are shown as. */
  public static final String OTHER = "other";

  /** Nothing is folded. */
  public static final LabelFold NONE = new LabelFold(Map.of());

  /** Values that stand for "not known" or "not in any": folding them would save nothing. */
  private static final Set<String> KEPT = Set.of(OTHER, "none", "unknown");

  private final Map<LabelKind, Set<String>> folded;

  private LabelFold(Map<LabelKind, Set<String>> folded) {
    this.folded = folded;
  }

  /** Folds those values. */
  public static LabelFold of(Map<LabelKind, Set<String>> values) {
    Map<LabelKind, Set<String>> copy = new EnumMap<>(LabelKind.class);
    values.forEach((kind, set) -> copy.put(kind, Set.copyOf(set)));
    return new LabelFold(copy);
  }

  /** What is shown for a value. */
  public String apply(LabelKind kind, String value) {
    return values(kind).contains(value) ? OTHER : value;
  }

  /** The folded values of a label. */
  public Set<String> values(LabelKind kind) {
    return folded.getOrDefault(kind, Set.of());
  }

  /** How many values are folded. */
  public int size() {
    return folded.values().stream().mapToInt(Set::size).sum();
  }

  /** Whether folding that value could save anything. */
  static boolean isFoldable(String value) {
    return !KEPT.contains(value);
  }

  /** What either folds. */
  public LabelFold and(LabelFold other) {
    return other.size() == 0 ? this : size() == 0 ? other : with(other.folded);
  }

  /** Folds those values as well. */
  LabelFold with(Map<LabelKind, Set<String>> more) {
    Map<LabelKind, Set<String>> next = new EnumMap<>(LabelKind.class);
    next.putAll(folded);
    more.forEach(
        (kind, values) -> {
          Set<String> all = new HashSet<>(values(kind));
          all.addAll(values);
          next.put(kind, Set.copyOf(all));
        });
    return new LabelFold(next);
  }
}
