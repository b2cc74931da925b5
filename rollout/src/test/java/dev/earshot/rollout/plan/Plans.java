package dev.earshot.rollout.plan;

import dev.earshot.protocol.document.Checks;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.rollout.gate.Metric;
import dev.earshot.rollout.plan.GatePolicy.OnHarm;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Plans for tests: one in which every field is written, and arbitrary ones. */
final class Plans {
  static final String SHORTEST =
      """
      release: hey-nova:1.4.0
      cohort: device.chip == "ndp120"
      """;

  static final String FULL =
      SHORTEST
          + """
          priority: 7
          schedule:
            start_at: 2027-01-31T08:00:00Z
            windows: [{from: "01:00", to: "05:00", days: [mon, tue, wed, thu, fri]}]
            freezes: [{from: 2026-12-20T00:00:00Z, until: 2027-01-02T00:00:00Z, reason: holidays}]
          stages:
            - {percent: 1, soak: 6h, min_exposure_hours: 500,
               margins: {false_accepts: 2.0, false_rejects: 1.5, power: 1.1}}
            - {percent: 100, soak: 24h, margin: 1.15}
          holdback_percent: 4
          approval: {count: 1, by: [alice, bob], before: [start, stages]}
          offers: {per_minute: 60, factor: 3, every_successes: 200, max_per_minute: 7000,
                   max_downloads: 2000}
          heard_within: 1h
          trial: 45m
          install: {charging: true, battery_percent: 30, idle: true, daily_bytes: 1MB}
          deadlines: {offered: 11h, downloading: 5h, installing: 4h, trial: 3h, reverting: 23h,
                      waiting: 6d, retries: 2, retry_after: 5m}
          gates:
            alpha: 0.02
            max_failure_percent: 6
            silence_after: 4h
            on_harm: rollback
            actions: {false_accepts: rollback, false_rejects: pause, power: pause, battery: pause,
                      crashes: rollback, silence: pause, failed_updates: pause}
          """;

  private Plans() {}

  static Arbitrary<Plan> any() {
    return Combinators.combine(
            schedules(),
            stages(),
            rates(),
            deadlines(),
            gates(),
            approvals(),
            durations(),
            shares())
        .as(
            (schedule, stages, offers, deadlines, gates, approval, heardWithin, holdback) ->
                new Plan(
                    new ReleaseRef("hey-nova", "1.4.0-rc." + stages.size()),
                    "device.region == \"\u00e9'\ud83d\ude00\\n\" || \n\tdevice.chip != ''",
                    schedule,
                    stages,
                    holdback,
                    offers.everySuccesses(),
                    offers,
                    heardWithin,
                    Duration.ofMillis(heardWithin.toMillis() % 2_592_000_001L),
                    installs(offers),
                    deadlines,
                    gates,
                    approval));
  }

  private static Arbitrary<Double> shares() {
    return Arbitraries.doubles().between(0, 50).ofScale(15);
  }

  private static Arbitrary<Duration> durations() {
    Arbitrary<Duration> round = Arbitraries.integers().between(1, 3_650).map(Duration::ofDays);
    Arbitrary<Duration> odd =
        Arbitraries.longs().between(1, 315_360_000_000_000_000L).map(Duration::ofNanos);
    Arbitrary<Duration> millis =
        Arbitraries.longs().between(1, 315_360_000_000L).map(Duration::ofMillis);
    return Arbitraries.oneOf(round, odd, millis);
  }

  private static Arbitrary<Instant> instants() {
    return Arbitraries.longs()
        .between(0, Checks.LAST.getEpochSecond() - 2)
        .flatMap(
            second ->
                Arbitraries.integers()
                    .between(0, 999_999_999)
                    .map(nano -> Instant.ofEpochSecond(second, nano)));
  }

  private static Arbitrary<Schedule> schedules() {
    Arbitrary<LocalTime> times =
        Arbitraries.integers()
            .between(0, 1_439)
            .map(minute -> LocalTime.of(minute / 60, minute % 60));
    Arbitrary<Window> windows =
        Combinators.combine(times, times, Arbitraries.of(DayOfWeek.class).set().ofMinSize(1))
            .as(Window::new);
    Arbitrary<Freeze> freezes =
        Combinators.combine(instants(), Arbitraries.strings().ofMaxLength(20))
            .as((from, reason) -> new Freeze(from, from.plusMillis(1), printable(reason)));
    return Combinators.combine(
            instants().injectNull(0.5), windows.list().ofMaxSize(4), freezes.list().ofMaxSize(3))
        .as(Schedule::new);
  }

  /** YAML has no control characters; texts of people have none either. */
  private static String printable(String text) {
    return text.codePoints()
        .filter(Character::isLetterOrDigit)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static Arbitrary<List<Stage>> stages() {
    Arbitrary<Double> margins = Arbitraries.doubles().between(1, false, 100, true).ofScale(12);
    Arbitrary<Margins> all =
        Combinators.combine(margins, margins.injectNull(0.5), margins.injectNull(0.5))
            .as(Margins::new);
    Arbitrary<Stage> one =
        Combinators.combine(
                Arbitraries.doubles().between(0, false, 100, true).ofScale(9),
                durations(),
                Arbitraries.doubles().between(0, 1e9),
                all)
            .as(Stage::new);
    return one.list().ofMinSize(1).ofMaxSize(16).uniqueElements(Stage::percent).map(Plans::sorted);
  }

  private static List<Stage> sorted(List<Stage> stages) {
    List<Stage> sorted = new ArrayList<>(stages);
    sorted.sort((a, b) -> Double.compare(a.percent(), b.percent()));
    return sorted;
  }

  private static Arbitrary<OfferRate> rates() {
    return Combinators.combine(
            Arbitraries.doubles().between(1e-6, 1e9).ofScale(6),
            Arbitraries.doubles().between(1, 100),
            Arbitraries.integers().between(1, Integer.MAX_VALUE),
            Arbitraries.integers().between(1, Integer.MAX_VALUE))
        .as(
            (rate, factor, every, downloads) ->
                new OfferRate(rate, factor, every, Math.min(rate * 3, 1e9), downloads));
  }

  /** Any, made of numbers that are at hand. */
  private static InstallPolicy installs(OfferRate of) {
    return new InstallPolicy(
        of.everySuccesses() % 2 == 0,
        of.everySuccesses() % 101,
        of.maxDownloads() % 2 == 0,
        of.maxDownloads() % 1_000_000_001L);
  }

  private static Arbitrary<Deadlines> deadlines() {
    Arbitrary<Duration> durations = durations();
    return Combinators.combine(
            durations,
            durations,
            durations,
            durations,
            durations,
            durations,
            Arbitraries.integers().between(0, 10),
            durations)
        .as(Deadlines::new);
  }

  private static Arbitrary<GatePolicy> gates() {
    return Combinators.combine(
            Arbitraries.doubles().between(0, false, 0.2, true).ofScale(9),
            Arbitraries.doubles().between(0, false, 100, false).ofScale(9),
            durations(),
            Arbitraries.of(OnHarm.class),
            Arbitraries.maps(Arbitraries.of(Metric.class), Arbitraries.of(OnHarm.class)))
        .as(GatePolicy::new);
  }

  private static Arbitrary<Approval> approvals() {
    Arbitrary<String> names = Arbitraries.strings().alpha().numeric().ofMinLength(1);
    return Combinators.combine(
            Arbitraries.integers().between(0, 10),
            Arbitraries.oneOf(names.set().ofSize(0), names.set().ofMinSize(10).ofMaxSize(12)),
            Arbitraries.integers().between(1, 3))
        .as((count, by, moments) -> new Approval(count, by, (moments & 1) > 0, (moments & 2) > 0));
  }
}
