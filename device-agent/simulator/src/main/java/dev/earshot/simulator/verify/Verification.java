package dev.earshot.simulator.verify;

import dev.earshot.protocol.Labels;
import dev.earshot.simulator.truth.CountFigure;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.HeartbeatFates;
import dev.earshot.simulator.truth.Truth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The comparison of what happened with what was counted.
 *
 * @param isExact whether equality was demanded of what happened, too; else it is bounded
 * @param rule what was demanded and why, in words
 * @param columns who counted, in the order of the lines' numbers
 * @param lines every figure: over all, then by release and environment
 * @param remarks what else differs, in words, such as the evidence of a decision
 */
public record Verification(
    boolean isExact, String rule, List<String> columns, List<Line> lines, List<String> remarks) {
  private static final String ALL = "all";

  public Verification {
    columns = List.copyOf(columns);
    lines = List.copyOf(lines);
    remarks = List.copyOf(remarks);
  }

  /**
   * One figure.
   *
   * @param release {@code all} for the sum
   * @param environment a label; {@code all} for the sum
   * @param figure its name with its unit
   * @param happened negative: not known
   * @param acknowledged by the gateway, as devices know
   * @param counted by each column; negative: not known
   * @param problem what is wrong; empty when nothing is
   */
  public record Line(
      String release,
      String environment,
      String figure,
      long happened,
      long acknowledged,
      List<Long> counted,
      String problem) {
    public Line {
      counted = List.copyOf(counted);
    }
  }

  /**
   * Compares.
   *
   * @param truth after everything that can be sent was sent
   * @param counted the first is the heartbeats in Kafka, which all others must equal
   * @param remarks differences that were found elsewhere
   */
  public static Verification of(
      Truth truth, HeartbeatFates heartbeats, List<Counted> counted, List<String> remarks) {
    boolean exact = heartbeats.allAcknowledged();
    List<Line> lines = new ArrayList<>();
    lines.add(intervals(heartbeats, counted, exact));
    addFigures(
        lines,
        ALL,
        ALL,
        total(truth),
        counted.stream().map(Verification::total).toList(),
        counted,
        exact);
    Set<Truth.Key> keys = new TreeSet<>(ORDER);
    keys.addAll(truth.happened().keySet());
    keys.addAll(truth.acknowledged().keySet());
    counted.forEach(side -> keys.addAll(side.counts().keySet()));
    for (Truth.Key key : keys) {
      Pair pair =
          new Pair(
              truth.happened().getOrDefault(key, Counts.NONE),
              truth.acknowledged().getOrDefault(key, Counts.NONE));
      addFigures(
          lines,
          key.release(),
          Labels.of(key.environment()),
          pair,
          counted.stream().map(side -> side.at(key)).toList(),
          counted,
          exact);
    }
    return new Verification(
        exact, rule(heartbeats), counted.stream().map(Counted::by).toList(), lines, remarks);
  }

  private static final Comparator<Truth.Key> ORDER =
      Comparator.comparing(Truth.Key::release).thenComparing(Truth.Key::environment);

  private record Pair(Counts happened, Counts acknowledged) {}

  /** The lines that are wrong. */
  public List<Line> differences() {
    return lines.stream().filter(line -> !line.problem().isEmpty()).toList();
  }

  /** Whether everything is as it must be. */
  public boolean holds() {
    return differences().isEmpty() && remarks.isEmpty();
  }

  private static Pair total(Truth truth) {
    return new Pair(truth.totalHappened(), truth.totalAcknowledged());
  }

  private static Counts total(Counted side) {
    return side.counts().values().stream().reduce(Counts.NONE, Counts::plus);
  }

  private static Line intervals(HeartbeatFates heartbeats, List<Counted> counted, boolean exact) {
    List<Long> values = counted.stream().map(Counted::intervals).toList();
    return new Line(
        ALL,
        ALL,
        "heartbeats",
        heartbeats.made(),
        heartbeats.acknowledged(),
        values,
        problem(heartbeats.made(), heartbeats.acknowledged(), values, counted, exact, 0));
  }

  private static void addFigures(
      List<Line> lines,
      String release,
      String environment,
      Pair pair,
      List<Counts> sides,
      List<Counted> counted,
      boolean exact) {
    for (CountFigure figure : CountFigure.values()) {
      long happened = figure.of(pair.happened());
      long acknowledged = figure.of(pair.acknowledged());
      List<Long> values = sides.stream().map(figure::of).toList();
      // Others add percentages up before they are rounded, here each interval is rounded: half a
      // millionth for each.
      long rounding =
          figure == CountFigure.BATTERY_DROP ? 1 + counted.getFirst().intervals() / 2 : 0;
      lines.add(
          new Line(
              release,
              environment,
              figure.title(),
              happened,
              acknowledged,
              values,
              problem(happened, acknowledged, values, counted, exact, rounding)));
    }
  }

  private static String problem(
      long happened,
      long acknowledged,
      List<Long> values,
      List<Counted> counted,
      boolean exact,
      long rounding) {
    List<String> problems = new ArrayList<>();
    long kafka = values.getFirst();
    if (exact && acknowledged != happened) {
      problems.add("acknowledged " + acknowledged + " (expected: " + happened + ", what happened)");
    }
    if (exact && kafka != happened) {
      problems.add(
          counted.getFirst().by() + " " + kafka + " (expected: " + happened + ", what happened)");
    }
    if (!exact && (kafka < acknowledged || kafka > happened)) {
      problems.add(
          counted.getFirst().by()
              + " "
              + kafka
              + " (expected: "
              + acknowledged
              + ", what was acknowledged, to "
              + happened
              + ", what happened)");
    }
    for (int side = 1; side < values.size(); side++) {
      long value = values.get(side);
      boolean told = value >= 0;
      if (told && Math.abs(value - kafka) > rounding) {
        problems.add(
            counted.get(side).by()
                + " "
                + value
                + " (expected: "
                + kafka
                + ", what is "
                + counted.getFirst().by()
                + ")");
      }
    }
    return String.join("; ", problems);
  }

  private static String rule(HeartbeatFates heartbeats) {
    return heartbeats.allAcknowledged()
        ? "equal to the count: every interval was reported and acknowledged"
        : "acknowledged <= in kafka <= happened: "
            + heartbeats.unmade()
            + " intervals ended with the power, "
            + heartbeats.destroyed()
            + " heartbeats were destroyed on devices while they waited, "
            + heartbeats.dropped()
            + " were dropped because too many waited, "
            + heartbeats.waiting()
            + " are not acknowledged yet; what is in kafka is equal everywhere";
  }
}
