package dev.earshot.simulator.report;

import dev.earshot.simulator.scenario.Expectation;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * An expectation and what came of it.
 *
 * @param expectation as it stands in the scenario
 * @param holds whether it was met
 * @param found what was found instead, or in the end
 */
public record Checked(Expectation expectation, boolean holds, String found) {
  private static final Pattern FRACTION_OF_SECOND = Pattern.compile("\\.\\d+S");

  /**
   * Holds expectations against a run.
   *
   * @throws IllegalArgumentException when one names a figure or a rollout that there is not; lists
   *     what there is
   */
  public static List<Checked> all(
      List<Expectation> expectations, Figures figures, List<RolloutMove> moves) {
    return expectations.stream().map(one -> check(one, figures, moves)).toList();
  }

  /**
   * Finds out whether all of them can be answered at all, before anything is run.
   *
   * @throws IllegalArgumentException when one names a figure that there is not; lists them all
   */
  public static void requireKnown(List<Expectation> expectations) {
    for (Expectation expectation : expectations) {
      if (expectation instanceof Expectation.Figure figure) {
        try {
          var _ = ReportFigure.of(figure.figure());
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "expect: '" + expectation.text() + "': " + e.getMessage(), e);
        }
      }
    }
  }

  private static Checked check(
      Expectation expectation, Figures figures, List<RolloutMove> moves) {
    return switch (expectation) {
      case Expectation.Figure figure -> figure(figure, figures);
      case Expectation.RolloutState state -> state(state, moves);
    };
  }

  private static Checked figure(Expectation.Figure expected, Figures figures) {
    ReportFigure figure = ReportFigure.of(expected.figure());
    OptionalDouble value = figures.of(figure);
    if (value.isEmpty()) {
      return new Checked(
          expected, false, figure.title() + " is not known without --virtual or --verify");
    }
    double is = value.getAsDouble();
    double limit = expected.limit();
    boolean holds =
        switch (expected.comparison()) {
          case "=" -> is == limit;
          case "<" -> is < limit;
          case "<=" -> is <= limit;
          case ">" -> is > limit;
          case ">=" -> is >= limit;
          default ->
              throw new IllegalArgumentException(
                  "comparison: '" + expected.comparison() + "' (expected: =, <, <=, > or >=)");
        };
    return new Checked(expected, holds, figure.title() + " = " + number(is));
  }

  private static Checked state(Expectation.RolloutState expected, List<RolloutMove> moves) {
    List<RolloutMove> own =
        moves.stream().filter(move -> move.rollout().equals(expected.rollout())).toList();
    if (own.isEmpty()) {
      return new Checked(expected, false, "rollout " + expected.rollout() + " was never created");
    }
    RolloutMove last = own.getLast();
    String found =
        "rollout " + expected.rollout() + " is " + last.state() + " since " + time(last.at());
    Optional<RolloutMove> reached =
        own.stream().filter(move -> move.state().equals(expected.state())).findFirst();
    boolean holds =
        expected
            .before()
            .map(before -> reached.filter(at -> at.at().compareTo(before) < 0).isPresent())
            .orElse(last.state().equals(expected.state()));
    return new Checked(expected, holds, found);
  }

  /** Without a fraction where there is none. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3f", value);
  }

  /** Fleet time as people write it, such as {@code 7h10m}. */
  static String time(Duration duration) {
    String iso = FRACTION_OF_SECOND.matcher(duration.toString()).replaceAll("S");
    return iso.substring(2).toLowerCase(Locale.ROOT);
  }
}
