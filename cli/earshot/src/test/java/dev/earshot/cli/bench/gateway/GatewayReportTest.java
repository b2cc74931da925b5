package dev.earshot.cli.bench.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.bench.Goal;
import dev.earshot.cli.bench.Medians;
import dev.earshot.cli.bench.Section;
import dev.earshot.cli.bench.Section.Row;
import dev.earshot.cli.bench.gateway.Sample.Party;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayReportTest {
  private static final Setup SETUP = new Setup(1_000, 3, 5, 10, 8, 5, 16384, List.of(), Map.of());

  private static Sample sample(double perSecond, double micros) {
    return new Sample(perSecond, Map.of(Party.SUBJECT, micros, Party.BROKER, 1.5));
  }

  private static Section section(int inFlight, Map<Subject, List<Sample>> samples) {
    return new ThroughputResult(new ConnectionLoad(1_000, inFlight), samples).section(SETUP);
  }

  @Test
  void median_isTheMiddleOne_orTheMeanOfTheTwo_orNothing() {
    assertEquals(3, Medians.of(9, 1, 3));
    assertEquals(2, Medians.of(1, 3));
    assertTrue(Double.isNaN(Medians.of()));
  }

  @Test
  void ratio_isOfTheSameRound_notOfTheMedians() {
    List<Double> gateway = List.of(10.0, 40.0, 30.0);
    List<Double> raw = List.of(20.0, 50.0, 300.0);
    assertEquals(0.5, Medians.ratio(gateway, raw, value -> value));
  }

  @Test
  void throughput_showsMedians_ratios_andWhetherTargetsAreMet() {
    Section section =
        section(
            10,
            Map.of(
                Subject.RAW,
                List.of(sample(400_000, 1), sample(200_000, 1), sample(300_000, 1)),
                Subject.BURDENED,
                List.of(sample(250_000, 1), sample(125_000, 1), sample(187_500, 1)),
                Subject.GATEWAY,
                List.of(sample(160_000, 2.5), sample(80_000, 2.5), sample(120_000, 2.5))));
    List<String> lines = section.lines();
    assertEquals(
        "throughput: 1,000 x 10 in flight, QoS 1 publishes of 200 bytes, 8 partitions, medians of"
            + " 3 rounds of 5 s",
        lines.getFirst());
    assertTrue(lines.get(2).matches("  raw producer +300,000 +1\\.00 +- +1\\.50"), lines.get(2));
    assertTrue(lines.get(4).matches("  gateway +120,000 +2\\.50 +- +1\\.50"), lines.get(4));
    assertTrue(lines.get(5).matches("  gateway / raw producer +0\\.40"), lines.get(5));
    assertTrue(
        lines.get(6).matches("  gateway / raw producer beside .* +0\\.64  at least 0\\.50 .*  met"),
        lines.get(6));
    assertTrue(
        lines.get(7).matches("  gateway / mosquitto +-  at least 1\\.00  not measured"),
        lines.get(7));
    assertTrue(
        lines.get(8).matches("  gateway / raw producer, CPU .* +2\\.50  at most 2\\.20  MISSED"),
        lines.get(8));
    assertTrue(section.missed());
  }

  @Test
  void oneInFlight_hasALowerBound() {
    Map<Subject, List<Sample>> samples =
        Map.of(
            Subject.RAW, List.of(sample(100_000, 2)),
            Subject.BURDENED, List.of(sample(100_000, 2)),
            Subject.GATEWAY, List.of(sample(46_000, 4)));
    assertFalse(section(1, samples).missed());
    assertTrue(section(10, samples).missed());
  }

  @Test
  void figures_leaveOutWhatWasNotMeasured() {
    Section section =
        new Section(
            "idle",
            "few",
            List.of("plain", "TLS"),
            List.of(Row.of("heap", 5, Double.NaN)),
            List.of(Goal.atMost("ratio", 1.5, 2), Goal.none("other", Double.NaN)));
    assertEquals(
        Map.of(
            "title",
            "idle",
            "setting",
            "few",
            "rows",
            Map.of("heap", Map.of("plain", 5.0)),
            "ratios",
            List.of(
                Map.of("name", "ratio", "ratio", 1.5, "at_most", 2.0, "missed", false),
                Map.of("name", "other"))),
        section.figures());
  }

  @Test
  void rowOfAnotherWidth_isRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Section("t", "s", List.of("a"), List.of(Row.of("r", 1, 2)), List.of()));
    assertEquals("r: 2 values (expected: 1)", refused.getMessage());
  }
}
