package dev.earshot.rollout.study;

import dev.earshot.rollout.gate.AlphaBudget;
import dev.earshot.rollout.gate.Decisions;
import dev.earshot.rollout.gate.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The study of the gates: our own against common alternatives on simulated fleets, as tables of
 * text. Deterministic from its seed, whatever the number of threads.
 *
 * @param seed of all rollouts
 * @param rollouts repetitions of each scenario; false-alarm rates of a percent need some 2,000
 */
public record GateStudy(long seed, int rollouts) {
  /** Every rule is compared at this probability of a false alarm over a whole rollout. */
  private static final double ALPHA = 0.01;

  private static final List<Double> EFFECTS = List.of(1.2, 1.5, 2.0);

  /** Runs everything and hands over line by line. */
  public void run(Consumer<String> line) {
    line.accept(
        String.format(
            Locale.ROOT,
            "%d rollouts of each scenario, seed %d; 1,000 v 1,000 devices, 48 h, looks every minute"
                + " (every 5 after 6 h), alpha %.0f %%",
            rollouts,
            seed,
            100 * ALPHA));
    comparison(line);
    nulls(line);
    oneEnvironment(line);
    nonInferiority(line);
    power(line);
  }

  /** Our gates beside the alternatives and the tests that know what no gate can know. */
  public void comparison(Consumer<String> line) {
    Trial trial = new Trial(seed, rollouts);
    Map<String, List<Trial.Outcome>> seen = new LinkedHashMap<>();
    Map<String, Trial.Outcome> alarms = new HashMap<>();
    for (Trial.Outcome outcome : trial.run(Scenario.standard(1), rules())) {
      alarms.put(outcome.rule(), outcome);
    }
    for (double effect : EFFECTS) {
      List<Rule.Named> all = new ArrayList<>(rules());
      all.add(OurRules.knowingTheEffect(effect, ALPHA));
      all.add(Competitors.knowingEverything(effect, ALPHA));
      for (Trial.Outcome outcome : trial.run(Scenario.standard(effect), all)) {
        seen.computeIfAbsent(outcome.rule(), rule -> new ArrayList<>()).add(outcome);
      }
    }
    line.accept("");
    line.accept("Median treated device-hours until harm is seen (P(seen) where below 1)");
    line.accept(row("rule", "false alarm", List.of("+20 %", "+50 %", "+100 %")));
    seen.forEach(
        (rule, outcomes) -> {
          Trial.Outcome alarm = alarms.get(rule);
          line.accept(
              row(
                  rule,
                  alarm == null ? "" : percent(alarm),
                  outcomes.stream().map(GateStudy::deviceHours).toList()));
        });
    List<List<Trial.Outcome>> rows = List.copyOf(seen.values());
    int last = rows.size() - 1;
    line.accept(row("ours over the two-sample SPRT", "", ratios(rows.get(0), rows.get(last - 1))));
    line.accept(row("ours over the SPRT that knows all", "", ratios(rows.get(0), rows.get(last))));
  }

  private static List<String> ratios(List<Trial.Outcome> ours, List<Trial.Outcome> best) {
    return IntStream.range(0, ours.size())
        .mapToObj(
            i ->
                String.format(
                    Locale.ROOT, "x%.2f", ours.get(i).medianHours() / best.get(i).medianHours()))
        .toList();
  }

  /** The harm alarm where there is no harm. */
  public void nulls(Consumer<String> line) {
    line.accept("");
    line.accept("False alarms of our gates over whole rollouts");
    for (Scenario scenario : Scenario.nulls()) {
      Trial.Outcome outcome =
          new Trial(seed, rollouts).run(scenario, List.of(OurRules.harm(ALPHA))).get(0);
      line.accept(
          String.format(
              Locale.ROOT,
              "  %-24s %s (%d of %d)",
              scenario.name(),
              percent(outcome),
              outcome.decided(),
              outcome.rollouts()));
    }
  }

  /** Harm that one environment alone suffers. */
  public void oneEnvironment(Consumer<String> line) {
    line.accept("");
    line.accept("Harm in cars alone");
    for (double effect : List.of(1.5, 2.0)) {
      Trial.Outcome outcome =
          new Trial(seed, rollouts)
              .run(Scenario.carOnly(effect), List.of(OurRules.harm(ALPHA)))
              .get(0);
      line.accept(found(effect, outcome));
    }
  }

  /** Promotion at the margin of 1.25, when true and when just not true. */
  public void nonInferiority(Consumer<String> line) {
    Rule.Named rule = OurRules.nonInferior(0.25, Decisions.NON_INFERIORITY_ALPHA);
    Trial trial = new Trial(seed, rollouts);
    Trial.Outcome wrong = trial.run(Scenario.standard(1.25), List.of(rule)).get(0);
    Trial.Outcome right = trial.run(Scenario.standard(1), List.of(rule)).get(0);
    line.accept("");
    line.accept("Non-inferiority at margin 1.25");
    line.accept("  wrongly shown at a true ratio of 1.25: " + percent(wrong));
    line.accept(
        String.format(
            Locale.ROOT,
            "  shown for an equal release: %s, median %.1f h",
            percent(right),
            right.medianHours()));
  }

  /** Power drain. */
  public void power(Consumer<String> line) {
    double alpha = AlphaBudget.DEFAULT.alpha(Metric.POWER);
    PowerTrial trial = new PowerTrial(seed, rollouts, 1000);
    line.accept("");
    line.accept(String.format(Locale.ROOT, "Power, alpha %.2f %%", 100 * alpha));
    line.accept("  no effect: " + percent(trial.run(1, alpha)) + " false alarms");
    for (double ratio : List.of(1.05, 1.1)) {
      line.accept(found(ratio, trial.run(ratio, alpha)));
    }
  }

  private static List<Rule.Named> rules() {
    return List.of(
        OurRules.harm(ALPHA),
        OurRules.pooledWithoutHistory(ALPHA),
        OurRules.firstEvents(ALPHA),
        Competitors.repeatedZ(ALPHA),
        Competitors.fixedThreshold(1.2),
        Competitors.poissonSequential(ALPHA),
        Competitors.mannWhitneyPerMinute(ALPHA),
        Competitors.mannWhitneyPerDevice(ALPHA),
        Competitors.asymptoticSequence(ALPHA));
  }

  private static String found(double ratio, Trial.Outcome outcome) {
    return String.format(
        Locale.ROOT,
        "  %+.0f %%: found in %s, median %.1f h",
        100 * (ratio - 1),
        percent(outcome),
        outcome.medianHours());
  }

  private static String percent(Trial.Outcome outcome) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * outcome.share());
  }

  private static String deviceHours(Trial.Outcome outcome) {
    String hours =
        Double.isNaN(outcome.medianHours())
            ? "-"
            : String.format(Locale.ROOT, "%.0f", 1000 * outcome.medianHours());
    return outcome.share() < 0.995
        ? String.format(Locale.ROOT, "%s (%.2f)", hours, outcome.share())
        : hours;
  }

  private static String row(String rule, String alarm, List<String> cells) {
    StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "  %-50s %12s", rule, alarm));
    cells.forEach(cell -> row.append(String.format(Locale.ROOT, " %14s", cell)));
    return row.toString().stripTrailing();
  }
}
