package dev.earshot.rollout.study;

import dev.earshot.rollout.gate.AlphaBudget;
import dev.earshot.rollout.gate.Decisions;
import dev.earshot.rollout.gate.Metric;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The study of the gates: our own against common alternatives on simulated fleets, as tables of
 * text with the targets that the figures were to reach. Deterministic from its seed, whatever the
 * number of threads.
 *
 * @param seed of all rollouts
 * @param rollouts repetitions of each scenario; false-alarm rates of a percent need some 2,000
 * @param sections what is studied
 * @param workers who does it
 */
public record GateStudy(long seed, int rollouts, Set<Section> sections, Workers workers) {
  /** Every rule is compared at this probability of a false alarm over a whole rollout. */
  private static final double ALPHA = 0.01;

  private static final int DEVICES_PER_ARM = 1000;
  private static final List<Double> EFFECTS = List.of(1.2, 1.5, 2.0);
  private static final List<Double> MOST_TIMES_THE_SPRT = List.of(1.7, 1.5, 1.7);
  private static final double WRONG_PROMOTIONS = 0.05;

  /** A part of the study. */
  public enum Section {
    /** Our gates, the alternatives, and tests that know what no gate can know. */
    COMPARISON,
    /** False alarms of our gates in fleets that differ in various ways. */
    NULLS,
    /** Harm that only one environment suffers. */
    CAR,
    /** Promotion at a margin, when true and when just not true. */
    NON_INFERIORITY,
    /** Power drain. */
    POWER,
    /** Whole staged rollouts. */
    RAMP;

    /** Name on the command line. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public GateStudy {
    if (rollouts <= 0) {
      throw new IllegalArgumentException("rollouts: " + rollouts + " (expected: > 0)");
    }
    sections = Set.copyOf(sections);
  }

  /**
   * Runs everything and hands over line by line.
   *
   * @return the targets that were missed
   */
  public List<String> run(Consumer<String> line) {
    Report report = new Report(line);
    report.line("%,d rollouts of each scenario (unless said otherwise), seed %d.", rollouts, seed);
    report.line(
        "1,000 treated v 1,000 control devices, 48 h, looks every minute (every 5 after 6 h), alpha"
            + " 1 %% a rollout.");
    report.line(
        "At most %d false alarms in %,d are allowed: %s.",
        mostFalseAlarms(rollouts),
        rollouts,
        rollouts == 2000
            ? "1 % and 8 for chance"
            : "28 in 2,000, scaled: 1 % and as many standard errors for chance");
    for (Section section : EnumSet.allOf(Section.class)) {
      if (sections.contains(section)) {
        run(section, report);
      }
    }
    return report.missed();
  }

  private void run(Section section, Report report) {
    switch (section) {
      case COMPARISON -> comparison(report);
      case NULLS -> nulls(report);
      case CAR -> car(report);
      case NON_INFERIORITY -> nonInferiority(report);
      case POWER -> power(report);
      case RAMP -> ramp(report);
    }
  }

  /** 1 % of the rollouts, and as many standard errors above it as 28 in 2,000 are. */
  static int mostFalseAlarms(int rollouts) {
    return (int) Math.floor(ALPHA * rollouts + 8 * Math.sqrt(rollouts / 2000.0));
  }

  private Trial trial() {
    return new Trial(seed, rollouts, workers);
  }

  private void comparison(Report report) {
    List<Rule.Named> rules = rules();
    List<Outcome> alarms = trial().run(Scenario.standard(1), rules);
    Map<String, List<Outcome>> seen = new LinkedHashMap<>();
    for (double effect : EFFECTS) {
      List<Rule.Named> all = new ArrayList<>(rules);
      all.add(OurRules.knowingTheEffect(effect, ALPHA));
      all.add(Competitors.knowingEverything(effect, ALPHA));
      for (Outcome outcome : trial().run(Scenario.standard(effect), all)) {
        seen.computeIfAbsent(outcome.rule(), rule -> new ArrayList<>()).add(outcome);
      }
    }
    report.heading(
        "Comparison: false alarms without effect, and the median hours that treated devices listened"
            + " until harm was seen (P(seen) where below 1)");
    table(report, EFFECTS, alarms, seen);
    List<List<Outcome>> rows = List.copyOf(seen.values());
    List<Double> sprt = ratios(rows.getFirst(), rows.get(rows.size() - 2));
    List<Double> best = ratios(rows.getFirst(), rows.getLast());
    report.row("ours / two-sample SPRT", "", Words.times(sprt));
    report.row("ours / SPRT that knows everything", "", Words.times(best));
    falseAlarms(report, alarms.getFirst());
    for (int i = 0; i < EFFECTS.size(); i++) {
      double most = MOST_TIMES_THE_SPRT.get(i);
      report.figure(
          "ours / two-sample SPRT at " + Words.effect(EFFECTS.get(i)),
          Words.times(sprt).get(i),
          "at most x" + most,
          sprt.get(i) <= most);
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
        Competitors.kayentaPerMinute(ALPHA),
        Competitors.kayentaPerDevice(ALPHA),
        Competitors.mannWhitneyPerDevice(ALPHA),
        Competitors.growthBook(ALPHA));
  }

  private void nulls(Report report) {
    report.heading("False alarms of our gates over whole rollouts without effect");
    for (Scenario scenario : Scenario.nulls()) {
      Outcome outcome = trial().run(scenario, List.of(OurRules.harm(ALPHA))).getFirst();
      falseAlarms(report, new Outcome(scenario.name(), rollouts, outcome.decided(), 0, 0));
    }
  }

  private void car(Report report) {
    report.heading("Harm in cars alone");
    List<Rule.Named> rule = List.of(OurRules.harm(ALPHA));
    Outcome half = trial().run(Scenario.carOnly(1.5), rule).getFirst();
    report.line("  +50 %%: found in %s, median %.1f h", Words.percent(half), half.medianHours());
    Outcome twice = trial().run(Scenario.carOnly(2), rule).getFirst();
    report.figure("+100 %: found in", Words.percent(twice), "at least 99 %", twice.share() >= 0.99);
    report.figure(
        "+100 %: median time until then",
        Words.hours(twice.medianHours()), "at most 5 h", twice.medianHours() <= 5);
  }

  private void nonInferiority(Report report) {
    List<Rule.Named> rule = List.of(OurRules.nonInferior(0.25, Decisions.NON_INFERIORITY_ALPHA));
    Outcome wrong = trial().run(Scenario.standard(1.25), rule).getFirst();
    Outcome right = trial().run(Scenario.standard(1), rule).getFirst();
    report.heading("Non-inferiority within 1.25, 1,000 v 1,000 devices, alpha 5 %%");
    report.figure(
        "wrongly shown at a true ratio of 1.25",
        Words.percent(wrong),
        "at most 5 %",
        wrong.share() <= WRONG_PROMOTIONS);
    report.line("  shown for an equal release in %s", Words.percent(right));
    report.figure(
        "median time until it is shown for an equal one",
        Words.hours(right.medianHours()),
        "at most 2 h",
        right.medianHours() <= 2);
  }

  private void power(Report report) {
    double alpha = AlphaBudget.DEFAULT.alpha(Metric.POWER);
    List<Double> effects = List.of(1.05, 1.1);
    PowerTrial trial = new PowerTrial(seed, rollouts, DEVICES_PER_ARM, workers);
    List<PowerRules.Named> rules =
        List.of(
            PowerRules.gate(alpha),
            PowerRules.repeatedT(alpha),
            PowerRules.fixedThreshold(1.05),
            PowerRules.mannWhitney(alpha),
            PowerRules.kayenta(alpha));
    List<Outcome> alarms = trial.run(1, rules);
    Map<String, List<Outcome>> seen = new LinkedHashMap<>();
    for (double effect : effects) {
      List<PowerRules.Named> all = new ArrayList<>(rules);
      all.add(PowerRules.knowingTheEffect(effect, alpha));
      for (Outcome outcome : trial.run(effect, all)) {
        seen.computeIfAbsent(outcome.rule(), rule -> new ArrayList<>()).add(outcome);
      }
    }
    report.heading(
        "Power, 1,000 v 1,000 devices, looks every hour, alpha %.1f %%: false alarms without effect,"
            + " and the median treated device-hours until more power was seen (P(seen) where below"
            + " 1)",
        100 * alpha);
    table(report, effects, alarms, seen);
    List<List<Outcome>> rows = List.copyOf(seen.values());
    report.row("ours / SPRT", "", Words.times(ratios(rows.getFirst(), rows.getLast())));
  }

  private void ramp(Report report) {
    new RampSection(new RampTrial(seed, workers), rollouts).run(report);
  }

  private static void table(
      Report report, List<Double> effects, List<Outcome> alarms, Map<String, List<Outcome>> seen) {
    report.row("rule", "false alarms", effects.stream().map(Words::effect).toList());
    Map<String, String> alarm =
        alarms.stream().collect(Collectors.toMap(Outcome::rule, Words::percent));
    seen.forEach(
        (rule, outcomes) ->
            report.row(
                rule,
                alarm.getOrDefault(rule, ""),
                outcomes.stream().map(Words::deviceHours).toList()));
  }

  private void falseAlarms(Report report, Outcome outcome) {
    int most = mostFalseAlarms(outcome.rollouts());
    report.figure(
        outcome.rule() + ", false alarms",
        String.format(
            Locale.ROOT, "%d of %,d, %s", outcome.decided(), rollouts, Words.percent(outcome)),
        "at most " + most,
        outcome.decided() <= most);
  }

  private static List<Double> ratios(List<Outcome> ours, List<Outcome> best) {
    return IntStream.range(0, ours.size())
        .mapToObj(i -> ours.get(i).medianDeviceHours() / best.get(i).medianDeviceHours())
        .toList();
  }
}
