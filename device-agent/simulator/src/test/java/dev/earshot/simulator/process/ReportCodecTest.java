package dev.earshot.simulator.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.FleetReport;
import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.ProcessUse;
import dev.earshot.simulator.measure.Measurements;
import dev.earshot.simulator.measure.Meter;
import dev.earshot.simulator.measure.Operation;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Fates;
import dev.earshot.simulator.truth.HeartbeatFates;
import dev.earshot.simulator.truth.Ledger;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportCodecTest {
  private static FleetReport report(long part) {
    Ledger ledger = new Ledger();
    ledger.happened("a:1", Environment.CAR, new Counts(part, 2, 3, 4, Long.MAX_VALUE / 4, 6));
    ledger.happened("a:2", Environment.KITCHEN, new Counts(part, 0, 0, 0, 0, 0));
    ledger.acknowledged("a:1", Environment.CAR, new Counts(part, 2, 3, 4, 5, 6));
    Meter meter = new Meter();
    meter.took(Operation.CONNECT, 1_000_000 * part);
    meter.failed("unreachable");
    return new FleetReport(
        new FleetStats(
            10, 9, 8, 7, 6, 5, 4, 3, Map.of("a:1", part), Map.of("committed", part, "trial", 1L)),
        ledger.snapshot(),
        new Fates(Map.of("a:1", part), Map.of(), Map.of("b:2", 1L), 2),
        new HeartbeatFates(9, 7, 1, 1, part),
        meter.measurements(),
        new ProcessUse(1, 2, 3, 4, 5));
  }

  @Test
  void line_isReadBackToTheUnit() {
    FleetReport sent = report(17);
    String line = ReportCodec.write(sent);
    assertFalse(line.contains("\n"));
    FleetReport received = ReportCodec.read(line);
    assertEquals(sent.stats(), received.stats());
    assertEquals(sent.truth(), received.truth());
    assertEquals(sent.use(), received.use());
    assertEquals(sent.measurements().errors(), received.measurements().errors());
    for (Operation operation : Operation.values()) {
      assertEquals(sent.measurements().time(operation), received.measurements().time(operation));
    }
  }

  @Test
  void partsThatWereSent_addUp() {
    FleetReport sum =
        ReportCodec.read(ReportCodec.write(report(1)))
            .plus(ReportCodec.read(ReportCodec.write(report(2))));
    assertEquals(20, sum.stats().devices());
    assertEquals(Map.of("committed", 3L, "trial", 2L), sum.stats().byUpdateState());
    assertEquals(6, sum.truth().totalHappened().falseAccepts());
    assertEquals(6, sum.truth().totalHappened().listeningMillis());
    assertEquals(2, sum.measurements().time(Operation.CONNECT).getTotalCount());
    assertEquals(2, sum.use().processes());
    assertEquals(
        Measurements.none().time(Operation.DOWNLOAD), sum.measurements().time(Operation.DOWNLOAD));
  }

  @Test
  void somethingElse_isRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> ReportCodec.read("{\"stats\": 1}"));
    assertTrue(refused.toString().contains("report of a worker: "), refused.toString());
  }
}
