package dev.earshot.ndp.chip;

import java.util.List;
import java.util.Optional;

/**
 * One published MLPerf Tiny result: a single inference at a time. They stand in {@code
 * published.csv}.
 *
 * @param system chip or microcontroller
 * @param volts of its supply, where that is known
 * @param megahertz of its clock, where that is known
 * @param round of the benchmark, such as {@code v1.0}
 * @param task keyword spotting, image classification, visual wake words or anomaly detection
 * @param work of that task's reference model
 * @param millis latency of one inference
 * @param microjoules energy of one inference
 */
public record PublishedResult(
    String system,
    Optional<Double> volts,
    Optional<Double> megahertz,
    String round,
    String task,
    Workload work,
    double millis,
    double microjoules) {

  /** All of them, in the order of the file. */
  public static final List<PublishedResult> ALL =
      DataTable.read(
          "published.csv",
          "system,volts,megahertz,round,task,macs,weights,millis,microjoules",
          PublishedResult::of);

  /** MLPerf Tiny v1.0, Syntiant NDP120 at 0.9 V and 30.7 MHz. */
  public static final List<PublishedResult> NDP120_900_MILLIVOLTS = of("Syntiant NDP120", 0.9);

  /** MLPerf Tiny v1.0, Syntiant NDP120 at 1.1 V and 98.7 MHz. */
  public static final List<PublishedResult> NDP120_1100_MILLIVOLTS = of("Syntiant NDP120", 1.1);

  /** Multiply-accumulates of that task's reference model. */
  public long macs() {
    return work.macs();
  }

  /** For example {@code Syntiant NDP120, 0.9 V, 30.7 MHz (v1.0)}. */
  public String operatingPoint() {
    return system
        + volts.map(v -> ", " + v + " V").orElse("")
        + megahertz.map(f -> ", " + (f % 1 == 0 ? "" + f.intValue() : f) + " MHz").orElse("")
        + " ("
        + round
        + ")";
  }

  private static PublishedResult of(String[] row) {
    return new PublishedResult(
        row[0],
        row[1].isEmpty() ? Optional.empty() : Optional.of(Double.valueOf(row[1])),
        row[2].isEmpty() ? Optional.empty() : Optional.of(Double.valueOf(row[2])),
        row[3],
        row[4],
        new Workload(Long.parseLong(row[5]), Long.parseLong(row[6])),
        Double.parseDouble(row[7]),
        Double.parseDouble(row[8]));
  }

  private static List<PublishedResult> of(String system, double volts) {
    return ALL.stream()
        .filter(result -> result.system().equals(system))
        .filter(result -> result.volts().filter(v -> v == volts).isPresent())
        .toList();
  }
}
