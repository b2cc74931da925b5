package dev.earshot.cli.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.Earshot;
import dev.earshot.cli.loss.LossCheck.Findings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LossReportTest {
  private static final Findings CLEAN =
      new Findings(10, 2, 0, List.of(), List.of(), List.of(), List.of());

  @Test
  void allHolds_noFailures() {
    assertEquals(List.of(), report(0, 0, CLEAN, List.of(), List.of()).failures());
  }

  @Test
  void lostOnes_areListedByTheirNumbers() {
    Findings lost =
        new Findings(
            9,
            0,
            0,
            List.of(new Numbered(3, 2, 41), new Numbered(3, 2, 42)),
            List.of(),
            List.of(),
            List.of());
    assertEquals(
        List.of(
            "lost though acknowledged: 2",
            "  (loss/device-3, boot 2, sequence 41)",
            "  (loss/device-3, boot 2, sequence 42)"),
        report(0, 0, lost, List.of(), List.of()).failures());
  }

  @Test
  void manyLostOnes_areCutToFifty() {
    Findings lost =
        new Findings(
            0,
            0,
            0,
            IntStream.range(0, 70).mapToObj(i -> new Numbered(1, 1, i)).toList(),
            List.of(),
            List.of(),
            List.of());
    List<String> failures = report(0, 0, lost, List.of(), List.of()).failures();
    assertEquals(52, failures.size());
    assertEquals("  and 20 more", failures.getLast());
  }

  @Test
  void everyOtherBrokenPromise_isAFailureToo() {
    Findings odd =
        new Findings(
            10, 0, 0, List.of(), List.of("altered"), List.of("unsent"), List.of("misordered"));
    List<String> failures = report(4, 5, odd, List.of("refused"), List.of("more")).failures();
    assertEquals(
        List.of(
            "stored with other bytes: 1",
            "  altered",
            "stored though never sent: 1",
            "  unsent",
            "not in the order of the acknowledgements: 1",
            "  misordered",
            "wrong answers: 1",
            "  refused",
            "counted otherwise downstream: 1",
            "  more",
            "4 messages are still not acknowledged, though all is well again",
            "5 devices never got anything acknowledged: of them the run shows nothing"),
        failures);
  }

  @Test
  void figures_haveALineEach() {
    List<String> lines = report(0, 0, CLEAN, List.of(), List.of()).lines();
    assertTrue(lines.contains("records stored                              10"), lines::toString);
    assertTrue(lines.contains("longest time without a PUBACK              1.5 s"), lines::toString);
    assertTrue(
        lines.contains("gateway's peak resident set              200.0 MiB"), lines::toString);
    assertEquals("faults: gateway-kill 1, broker-kill 2", lines.getLast());
  }

  @Test
  void faultThatDoesNotExist_isRefusedWithAllThatDo() {
    StringWriter err = new StringWriter();
    CommandLine command = Earshot.commandLine().setErr(new PrintWriter(err));
    assertEquals(1, command.execute("bench", "loss", "--faults", "broker-kill,flood"));
    assertTrue(
        err.toString().contains("--faults: flood (expected: device-cut, device-torn, "),
        err::toString);
  }

  private static LossReport report(
      long unacknowledged,
      long silentDevices,
      Findings findings,
      List<String> wrongAnswers,
      List<String> downstream) {
    return new LossReport(
        new LossReport.Traffic(8, 12, 4, 8, unacknowledged, silentDevices, 3, 1, 0, 1_500),
        new LossReport.Processes(200L << 20, 0, 0),
        Map.of(FaultKind.BROKER_KILL, 2, FaultKind.GATEWAY_KILL, 1),
        findings,
        wrongAnswers,
        downstream);
  }
}
