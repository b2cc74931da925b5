package dev.earshot.simulator.report;

import dev.earshot.simulator.verify.Verification;
import java.io.PrintWriter;
import java.util.Locale;

/** The report for a person at a terminal. */
public final class ReportText {
  private ReportText() {}

  /** Prints all of it. */
  public static void print(RunReport report, PrintWriter out) {
    figures(report, out);
    rollouts(report, out);
    report.verification().ifPresent(compared -> verification(compared, out));
    for (Checked one : report.expectations()) {
      out.printf(
          "%-6s %s%s%n",
          one.holds() ? "ok" : "FAILED",
          one.expectation().text(),
          one.holds() ? "" : "   (" + one.found() + ")");
    }
    report.hash().ifPresent(hash -> out.println("event log " + hash));
    out.flush();
  }

  private static void figures(RunReport report, PrintWriter out) {
    report
        .figures()
        .values()
        .forEach(
            (figure, value) ->
                out.printf(
                    Locale.ROOT,
                    value == Math.rint(value) ? "%-32s %,16.0f%n" : "%-32s %,16.1f%n",
                    figure.title(),
                    value));
  }

  private static void rollouts(RunReport report, PrintWriter out) {
    for (RolloutMove move : report.moves()) {
      out.printf(
          "%9s  rollout %s is %s%s%n",
          Checked.time(move.at()),
          move.rollout(),
          move.state().replace('_', ' '),
          move.stage() == 0 ? "" : ", stage " + move.stage());
    }
  }

  /** The comparison over all, and every line that is wrong. */
  public static void verification(Verification compared, PrintWriter out) {
    out.printf("%-26s %20s %20s", "verified", "happened", "acknowledged");
    compared.columns().forEach(column -> out.printf(" %20s", column));
    out.println();
    for (Verification.Line line : compared.lines()) {
      if (line.release().equals("all")) {
        out.printf(
            Locale.ROOT, "%-26s %,20d %,20d", line.figure(), line.happened(), line.acknowledged());
        for (long value : line.counted()) {
          out.printf(Locale.ROOT, " %20s", value < 0 ? "-" : String.format(Locale.ROOT, "%,d", value));
        }
        out.println();
      }
    }
    out.println(compared.rule());
    for (Verification.Line line : compared.differences()) {
      out.printf(
          "DIFFERS %s of %s in %s: %s%n",
          line.figure(), line.release(), line.environment(), line.problem());
    }
    compared.remarks().forEach(remark -> out.println("DIFFERS " + remark));
    out.printf(
        Locale.ROOT,
        "%,d figures compared, %,d differ%n",
        compared.lines().size(),
        compared.differences().size() + compared.remarks().size());
  }
}
