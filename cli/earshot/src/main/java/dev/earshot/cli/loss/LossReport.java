package dev.earshot.cli.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run has shown.
 *
 * @param faults how often each was done
 * @param findings in the topic
 * @param wrongAnswers of the gateway
 * @param downstream what the services behind count otherwise
 */
record LossReport(
    Traffic traffic,
    Processes processes,
    Map<FaultKind, Integer> faults,
    LossCheck.Findings findings,
    List<String> wrongAnswers,
    List<String> downstream) {
  /** Of each kind of failure, so many are shown. */
  private static final int SHOWN = 50;

  private static final double MEBI = 1 << 20;

  LossReport {
    faults = Map.copyOf(faults);
    wrongAnswers = List.copyOf(wrongAnswers);
    downstream = List.copyOf(downstream);
  }

  /**
   * What the devices have lived through.
   *
   * @param numbered messages that they had
   * @param published times that one was sent; repeated ones are in it
   * @param acknowledged messages
   * @param unacknowledged messages, when everything had been well again for a while
   * @param silentDevices that never got anything acknowledged
   * @param connections that they made
   * @param refusedConnections that the gateway did not let in
   * @param silences connections that a device gave up because no answer came
   * @param longestGapMillis in which nothing was acknowledged to anybody
   */
  record Traffic(
      long numbered,
      long published,
      long repeated,
      long acknowledged,
      long unacknowledged,
      long silentDevices,
      long connections,
      long refusedConnections,
      long silences,
      long longestGapMillis) {}

  /**
   * How the processes bore it.
   *
   * @param gatewayPeakBytes the most memory that a gateway held; 0 where nobody tells
   * @param gatewayEnds how often a gateway ended without having been told to
   * @param brokerEnds how often the broker did, but for a full disk
   */
  record Processes(long gatewayPeakBytes, int gatewayEnds, int brokerEnds) {}

  /** Everything that must not be; empty when all holds. */
  List<String> failures() {
    List<String> failures = new ArrayList<>();
    add(failures, "lost though acknowledged", findings.lost());
    add(failures, "stored with other bytes", findings.altered());
    add(failures, "stored though never sent", findings.neverSent());
    add(failures, "not in the order of the acknowledgements", findings.misordered());
    add(failures, "wrong answers", wrongAnswers);
    add(failures, "counted otherwise downstream", downstream);
    if (traffic.unacknowledged() > 0) {
      failures.add(
          "%,d messages are still not acknowledged, though all is well again"
              .formatted(traffic.unacknowledged()));
    }
    if (traffic.silentDevices() > 0) {
      failures.add(
          "%,d devices never got anything acknowledged: of them the run shows nothing"
              .formatted(traffic.silentDevices()));
    }
    return failures;
  }

  private static void add(List<String> failures, String what, List<?> found) {
    if (found.isEmpty()) {
      return;
    }
    failures.add("%s: %,d".formatted(what, found.size()));
    found.stream().limit(SHOWN).forEach(each -> failures.add("  " + each));
    if (found.size() > SHOWN) {
      failures.add("  and %,d more".formatted(found.size() - SHOWN));
    }
  }

  /** The figures, a line each. */
  List<String> lines() {
    return List.of(
        row("messages", traffic.numbered()),
        row("  sent (with repetitions)", traffic.published()),
        row("  of these repetitions", traffic.repeated()),
        row("acknowledged", traffic.acknowledged()),
        row("unacknowledged at the end", traffic.unacknowledged()),
        row("records stored", findings.stored()),
        row("  of these duplicates", findings.duplicates()),
        row("  stored, not acknowledged", findings.storedUnacknowledged()),
        row("acknowledged and lost", findings.lost().size()),
        row("connections", traffic.connections()),
        row("  refused", traffic.refusedConnections()),
        row("  given up for silence", traffic.silences()),
        row("longest time without a PUBACK", traffic.longestGapMillis() / 1e3, "s"),
        row("gateway's peak resident set", processes.gatewayPeakBytes() / MEBI, "MiB"),
        row("gateway ended by itself", processes.gatewayEnds()),
        row("broker ended by itself", processes.brokerEnds()),
        "faults: " + faultLine());
  }

  private String faultLine() {
    return faults.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey().label() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String row(String name, long value) {
    return String.format(Locale.ROOT, "%-34s%,12d", name, value);
  }

  private static String row(String name, double value, String unit) {
    return String.format(Locale.ROOT, "%-34s%12.1f %s", name, value, unit);
  }
}
