package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.Goal;
import dev.earshot.cli.bench.Medians;
import dev.earshot.cli.bench.Section;
import dev.earshot.cli.bench.Section.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** How long an acknowledgement takes at half of the gateway's throughput. */
final class LatencyBench {
  private static final int SETTLE_SECONDS = 2;

  private final Contest contest;
  private final Setup setup;
  private final Consumer<String> progress;

  LatencyBench(Contest contest, Setup setup, Consumer<String> progress) {
    this.contest = contest;
    this.setup = setup;
    this.progress = progress;
  }

  /**
   * Measures everybody at the same rate.
   *
   * @param throughput of the gateway, messages a second
   */
  Section run(double throughput) throws IOException, InterruptedException {
    double perSecond = Math.floor(throughput / 2);
    int seconds = 2 * setup.seconds();
    List<Row> rows = new ArrayList<>();
    List<Latency> gateway = new ArrayList<>();
    List<Latency> raw = new ArrayList<>();
    for (Subject subject : Subject.values()) {
      if (subject == Subject.BURDENED || !contest.subjects().contains(subject)) {
        continue;
      }
      progress.accept("latency at %,.0f/s: %s".formatted(perSecond, subject.title()));
      Contest.Paced paced =
          contest.paced(subject, setup.connections(), perSecond, SETTLE_SECONDS, seconds);
      Latency latency = paced.latency();
      rows.add(
          Row.of(
              subject.title(),
              latency.p50(),
              latency.p99(),
              latency.p999(),
              latency.highest(),
              paced.perSecond() / perSecond));
      switch (subject) {
        case GATEWAY -> gateway.add(latency);
        case RAW -> raw.add(latency);
        case BURDENED, MOSQUITTO -> {}
      }
    }
    return new Section(
        "latency, publish to PUBACK",
        "%,.0f messages/s in all, half of the gateway's throughput, on %,d connections for %d s,"
                .formatted(perSecond, setup.connections(), seconds)
            + " from the intended time of sending",
        List.of("p50 ms", "p99 ms", "p99.9 ms", "highest ms", "share of rate"),
        rows,
        List.of(
            Goal.none("gateway / raw producer, p50", Medians.ratio(gateway, raw, Latency::p50)),
            Goal.none("gateway / raw producer, p99", Medians.ratio(gateway, raw, Latency::p99))));
  }
}
