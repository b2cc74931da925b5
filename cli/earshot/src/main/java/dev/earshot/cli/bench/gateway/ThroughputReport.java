package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.gateway.Sample.Party;
import dev.earshot.cli.bench.gateway.ThroughputBench.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What throughput is shown as: medians, and ratios with what they should be. */
final class ThroughputReport {
  private static final double MANY_IN_FLIGHT_BOUND = 0.5;
  private static final double MANY_IN_FLIGHT_AIM = 0.65;
  private static final double ONE_IN_FLIGHT_BOUND = 0.45;
  private static final double PROCESSOR_BOUND = 2.2;

  private ThroughputReport() {}

  static List<String> lines(Result result) {
    List<String> lines = new ArrayList<>();
    lines.add(row("", "messages/s", "CPU us", "generator us", "broker us"));
    for (Subject subject : Subject.values()) {
      List<Sample> samples = result.of(subject);
      if (!samples.isEmpty()) {
        lines.add(
            row(
                subject.title(),
                String.format(Locale.ROOT, "%,.0f", result.perSecond(subject)),
                micros(samples, Party.SUBJECT),
                micros(samples, Party.GENERATOR),
                micros(samples, Party.BROKER)));
      }
    }
    goals(result).forEach(goal -> lines.add(goal.line()));
    return lines;
  }

  static List<Goal> goals(Result result) {
    List<Sample> gateway = result.of(Subject.GATEWAY);
    boolean one = result.load().inFlight() == 1;
    double bound = one ? ONE_IN_FLIGHT_BOUND : MANY_IN_FLIGHT_BOUND;
    double aim = one ? 0 : MANY_IN_FLIGHT_AIM;
    double alone = Medians.ratio(gateway, result.of(Subject.RAW), Sample::perSecond);
    double burdened = Medians.ratio(gateway, result.of(Subject.BURDENED), Sample::perSecond);
    double mosquitto = Medians.ratio(gateway, result.of(Subject.MOSQUITTO), Sample::perSecond);
    double processor =
        Medians.ratio(gateway, result.of(Subject.RAW), sample -> sample.micros(Party.SUBJECT));
    return List.of(
        Goal.none("gateway / raw producer", alone),
        Goal.atLeast("gateway / raw producer beside the generator's cost", burdened, bound, aim),
        Goal.atLeast("gateway / mosquitto", mosquitto, 1, 0),
        Goal.atMost("gateway / raw producer, CPU for a message", processor, PROCESSOR_BOUND));
  }

  private static String micros(List<Sample> samples, Party party) {
    double micros = Medians.of(samples, sample -> sample.micros(party));
    return Double.isNaN(micros) ? "-" : String.format(Locale.ROOT, "%.2f", micros);
  }

  private static String row(String name, String rate, String own, String generator, String broker) {
    return "  %-46s%12s%10s%14s%12s".formatted(name, rate, own, generator, broker).stripTrailing();
  }
}
