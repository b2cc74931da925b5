package dev.earshot.monitoring.health;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How many time series an instance may show. Each family of metrics has its share; when a share is
 * exceeded, label values are folded into {@code other} until it holds again: first cohorts, and
 * releases that nobody has run for more than a day (those whose newest interval is oldest by the
 * day, among these the ones that appeared first), then the other releases, then regions, chips and
 * fleets. What is counted never changes, only under which label it is shown. A fold goes down to
 * four fifths of the share, so that the next one is not due with the next value.
 *
 * <p>With everything folded 300 label sets remain, which the smallest budget holds.
 */
public final class SeriesBudget {
  /** Counters of sums of intervals. */
  public static final int COUNTERS = 15;

  /** Histograms of scores. */
  public static final int SCORE_HISTOGRAMS = 5;

  /** Series of one score histogram: 32 buckets, count and sum. */
  public static final int SCORE_SERIES = 34;

  /** Series of one latency histogram. */
  public static final int LATENCY_SERIES = 22;

  /** Series of one histogram of ages. */
  public static final int AGE_SERIES = AgeHistogram.bounds().size() + 3;

  /** The smallest and the largest budget. */
  public static final int LOWEST = 10_000;

  public static final int HIGHEST = 1_000_000;

  /**
   * Holds 30 cohorts at the same time without folding, with two releases, both arms, five
   * environments and two regions each, and 6 releases and 64 fleets in all.
   */
  public static final int DEFAULT = 40_000;

  private static final long DAY_MILLIS = 86_400_000;

  private final int series;
  private final Map<Family, Integer> shares = new EnumMap<>(Family.class);

  /** Metrics with the same labels. */
  private enum Family {
    TOTALS(0.49, COUNTERS),
    DEVICES(0.06, 1),
    SILENT(0.01, 1),
    UPDATES(0.05, 1),
    SCORES(0.31, SCORE_HISTOGRAMS * SCORE_SERIES),
    LATENCIES(0.033, LATENCY_SERIES),
    AGES(0.022, AGE_SERIES);

    private final double share;
    private final int seriesPerSet;

    Family(double share, int seriesPerSet) {
      this.share = share;
      this.seriesPerSet = seriesPerSet;
    }

    Set<? extends LabelSet<?>> keys(FleetSnapshot snapshot) {
      return switch (this) {
        case TOTALS -> snapshot.totals().keySet();
        case DEVICES -> snapshot.devices().keySet();
        case SILENT -> snapshot.silent().keySet();
        case UPDATES -> snapshot.updates().keySet();
        case SCORES ->
            snapshot.totals().keySet().stream()
                .map(key -> new ScoreKey(key.release(), key.environment()))
                .collect(Collectors.toSet());
        case LATENCIES ->
            snapshot.totals().keySet().stream()
                .map(key -> new LatencyKey(key.release(), key.chip()))
                .collect(Collectors.toSet());
        case AGES -> snapshot.ages().keySet();
      };
    }
  }

  /** How old a label value is: its newest interval by the day, then its first. */
  private record Age(long lastDay, long firstMillis) implements Comparable<Age> {
    static final Age OLDEST = new Age(0, 0);
    private static final Comparator<Age> ORDER =
        Comparator.comparingLong(Age::lastDay).thenComparingLong(Age::firstMillis);

    Age merged(Age other) {
      return new Age(Math.max(lastDay, other.lastDay), Math.min(firstMillis, other.firstMillis));
    }

    @Override
    public int compareTo(Age other) {
      return ORDER.compare(this, other);
    }
  }

  /** A value that may be folded. */
  private record Candidate(LabelKind kind, String value, Age age, boolean inUse) {
    private static final Comparator<Candidate> FOLDED_FIRST =
        Comparator.comparingInt(Candidate::rank)
            .thenComparing(Candidate::age)
            .thenComparing(Candidate::value);

    private int rank() {
      return switch (kind) {
        case COHORT -> 0;
        case RELEASE -> inUse ? 1 : 0;
        case REGION -> 2;
        case CHIP -> 3;
        case FLEET -> 4;
      };
    }
  }

  /**
   * A budget.
   *
   * @param series that an instance may show, {@value #LOWEST} to {@value #HIGHEST}
   */
  public SeriesBudget(int series) {
    if (series < LOWEST || series > HIGHEST) {
      throw new IllegalArgumentException(
          "series: " + series + " (expected: " + LOWEST + " to " + HIGHEST + ")");
    }
    this.series = series;
    for (Family family : Family.values()) {
      shares.put(family, (int) (series * family.share / family.seriesPerSet));
    }
  }

  /** All series together. */
  public int series() {
    return series;
  }

  /** Series that the snapshot is shown as. */
  public static long seriesOf(FleetSnapshot snapshot) {
    long sum = 0;
    for (Family family : Family.values()) {
      sum += (long) family.keys(snapshot).size() * family.seriesPerSet;
    }
    return sum;
  }

  /** What must be folded beside what the snapshot folds already; nothing while it fits. */
  public LabelFold excess(FleetSnapshot snapshot) {
    LabelFold fold = LabelFold.NONE;
    Map<LabelKind, Map<String, Age>> ages = null;
    for (Family family : Family.values()) {
      int share = shares.getOrDefault(family, 0);
      Set<? extends LabelSet<?>> keys = family.keys(snapshot);
      if (keys.size() > share) {
        ages = ages == null ? ages(snapshot) : ages;
        fold = fitted(keys, share, fold, ages);
      }
    }
    return fold;
  }

  private static LabelFold fitted(
      Set<? extends LabelSet<?>> unfolded,
      int share,
      LabelFold begun,
      Map<LabelKind, Map<String, Age>> ages) {
    LabelFold fold = begun;
    Set<LabelSet<?>> keys = folded(unfolded, fold);
    if (keys.size() <= share) {
      return fold;
    }
    int target = share * 4 / 5;
    List<Candidate> candidates = candidates(keys, ages);
    // The fewest that are enough: the more are folded, the fewer sets are left.
    int fewest = 1;
    int enough = candidates.size();
    while (fewest < enough) {
      int middle = (fewest + enough) / 2;
      if (folded(keys, first(candidates, middle, fold)).size() <= target) {
        enough = middle;
      } else {
        fewest = middle + 1;
      }
    }
    return first(candidates, enough, fold);
  }

  private static LabelFold first(List<Candidate> candidates, int count, LabelFold begun) {
    Map<LabelKind, Set<String>> values = new EnumMap<>(LabelKind.class);
    for (Candidate candidate : candidates.subList(0, count)) {
      values.computeIfAbsent(candidate.kind(), absent -> new HashSet<>()).add(candidate.value());
    }
    return begun.with(values);
  }

  private static Set<LabelSet<?>> folded(Set<? extends LabelSet<?>> keys, LabelFold fold) {
    Set<LabelSet<?>> result = new HashSet<>();
    keys.forEach(key -> result.add(key.folded(fold)));
    return result;
  }

  private static List<Candidate> candidates(
      Set<LabelSet<?>> keys, Map<LabelKind, Map<String, Age>> ages) {
    List<Candidate> candidates = new ArrayList<>();
    long today =
        ages.values().stream()
            .flatMap(values -> values.values().stream())
            .mapToLong(Age::lastDay)
            .max()
            .orElse(0);
    for (LabelKind kind : LabelKind.values()) {
      Set<String> values = new TreeSet<>();
      for (LabelSet<?> key : keys) {
        @Nullable String value = key.value(kind);
        if (value != null && LabelFold.isFoldable(value)) {
          values.add(value);
        }
      }
      for (String value : values) {
        Age age = ages.getOrDefault(kind, Map.of()).getOrDefault(value, Age.OLDEST);
        candidates.add(new Candidate(kind, value, age, age.lastDay() >= today - 1));
      }
    }
    candidates.sort(Candidate.FOLDED_FIRST);
    return candidates;
  }

  private static Map<LabelKind, Map<String, Age>> ages(FleetSnapshot snapshot) {
    Map<LabelKind, Map<String, Age>> ages = new EnumMap<>(LabelKind.class);
    snapshot
        .totals()
        .forEach(
            (key, sums) -> {
              Age age = new Age(sums.getLastMs() / DAY_MILLIS, sums.getFirstMs());
              for (LabelKind kind : LabelKind.values()) {
                String value = key.value(kind);
                if (value != null) {
                  ages.computeIfAbsent(kind, absent -> new HashMap<>())
                      .merge(value, age, Age::merged);
                }
              }
            });
    return ages;
  }
}
