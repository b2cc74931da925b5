package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.Goal;
import dev.earshot.cli.bench.Medians;
import dev.earshot.cli.bench.Section;
import dev.earshot.cli.bench.Section.Row;
import dev.earshot.cli.bench.gateway.Sample.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What one load came to: the samples of each subject in the order of the rounds. */
record ThroughputResult(ConnectionLoad load, Map<Subject, List<Sample>> samples) {
  private static final double MANY_IN_FLIGHT_BOUND = 0.5;
  private static final double MANY_IN_FLIGHT_AIM = 0.65;
  private static final double ONE_IN_FLIGHT_BOUND = 0.45;
  private static final double PROCESSOR_BOUND = 2.2;

  /** Of one subject; empty when it was not measured. */
  List<Sample> of(Subject subject) {
    return samples.getOrDefault(subject, List.of());
  }

  /** Messages a second, the median; NaN when it was not measured. */
  double perSecond(Subject subject) {
    return Medians.of(of(subject), Sample::perSecond);
  }

  /** Its table: medians, and medians of the ratios of each round. */
  Section section(Setup setup) {
    List<Row> rows = new ArrayList<>();
    for (Subject subject : Subject.values()) {
      if (!of(subject).isEmpty()) {
        rows.add(
            Row.of(
                subject.title(),
                perSecond(subject),
                micros(subject, Party.SUBJECT),
                micros(subject, Party.GENERATOR),
                micros(subject, Party.BROKER)));
      }
    }
    return new Section(
        "throughput",
        "%s in flight, QoS 1 publishes of %d bytes, %d partitions, medians of %d rounds of %d s"
            .formatted(load, Payloads.BYTES, setup.partitions(), setup.rounds(), setup.seconds()),
        List.of("messages/s", "CPU us each", "generator us", "broker us"),
        rows,
        goals());
  }

  private List<Goal> goals() {
    boolean one = load.inFlight() == 1;
    List<Sample> gateway = of(Subject.GATEWAY);
    List<Sample> raw = of(Subject.RAW);
    return List.of(
        Goal.none("gateway / raw producer", Medians.ratio(gateway, raw, Sample::perSecond)),
        Goal.atLeast(
            "gateway / raw producer beside generator's cost",
            Medians.ratio(gateway, of(Subject.BURDENED), Sample::perSecond),
            one ? ONE_IN_FLIGHT_BOUND : MANY_IN_FLIGHT_BOUND,
            one ? 0 : MANY_IN_FLIGHT_AIM),
        Goal.atLeast(
            "gateway / mosquitto",
            Medians.ratio(gateway, of(Subject.MOSQUITTO), Sample::perSecond),
            1,
            0),
        Goal.atMost(
            "gateway / raw producer, CPU for a message",
            Medians.ratio(gateway, raw, sample -> sample.micros(Party.SUBJECT)),
            PROCESSOR_BOUND));
  }

  private double micros(Subject subject, Party party) {
    return Medians.of(of(subject), sample -> sample.micros(party));
  }
}
