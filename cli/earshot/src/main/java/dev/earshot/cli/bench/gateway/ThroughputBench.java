package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.gateway.Sample.Party;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** How many messages a second go through, and what each costs, in rounds that take turns. */
final class ThroughputBench {
  private static final int SETTLE_SECONDS = 1;

  /** The burden comes after the gateway: its measurement says how much the generator costs. */
  private static final List<Subject> TURNS =
      List.of(Subject.RAW, Subject.GATEWAY, Subject.BURDENED, Subject.MOSQUITTO);

  private final Contest contest;
  private final Setup setup;
  private final Consumer<String> progress;

  ThroughputBench(Contest contest, Setup setup, Consumer<String> progress) {
    this.contest = contest;
    this.setup = setup;
    this.progress = progress;
  }

  /** Warms all up with the first load, then measures all; the results are in their order. */
  List<ThroughputResult> run(List<ConnectionLoad> loads) throws IOException, InterruptedException {
    for (Subject each : TURNS) {
      if (contest.subjects().contains(each) && each != Subject.BURDENED) {
        progress.accept("warming up: " + each.title());
        contest.saturated(each, loads.getFirst(), 0, setup.warmUpSeconds(), 0);
      }
    }
    return measure(loads);
  }

  private List<ThroughputResult> measure(List<ConnectionLoad> loads)
      throws IOException, InterruptedException {
    Map<ConnectionLoad, Map<Subject, List<Sample>>> all = new LinkedHashMap<>();
    loads.forEach(each -> all.put(each, new EnumMap<>(Subject.class)));
    for (int round = 1; round <= setup.rounds(); round++) {
      for (Map.Entry<ConnectionLoad, Map<Subject, List<Sample>>> each : all.entrySet()) {
        round(round, each.getKey(), each.getValue());
      }
    }
    List<ThroughputResult> results = new ArrayList<>();
    all.forEach((load, samples) -> results.add(new ThroughputResult(load, samples)));
    return results;
  }

  private void round(int round, ConnectionLoad load, Map<Subject, List<Sample>> samples)
      throws IOException, InterruptedException {
    double generatorMicros = 0;
    for (Subject subject : TURNS) {
      if (!contest.subjects().contains(subject)) {
        continue;
      }
      Sample sample =
          contest.saturated(subject, load, SETTLE_SECONDS, setup.seconds(), generatorMicros);
      if (subject == Subject.GATEWAY) {
        generatorMicros = sample.micros(Party.GENERATOR);
      }
      samples.computeIfAbsent(subject, ignored -> new ArrayList<>()).add(sample);
      progress.accept(
          "round %d, %s: %s %,.0f/s, %.2f us of CPU each"
              .formatted(
                  round,
                  load,
                  subject.title(),
                  sample.perSecond(),
                  sample.micros(Party.SUBJECT)));
    }
  }
}
