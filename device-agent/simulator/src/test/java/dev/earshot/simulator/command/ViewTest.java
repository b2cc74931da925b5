package dev.earshot.simulator.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.simulator.FleetReport;
import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.ProcessUse;
import dev.earshot.simulator.measure.Measurements;
import dev.earshot.simulator.measure.Meter;
import dev.earshot.simulator.measure.Operation;
import dev.earshot.simulator.truth.Fates;
import dev.earshot.simulator.truth.HeartbeatFates;
import dev.earshot.simulator.truth.Truth;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ViewTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static FleetReport report(
      long acknowledged, double cpuSeconds, Measurements measurements) {
    return new FleetReport(
        new FleetStats(
            60_000,
            59_990,
            60_123,
            133,
            acknowledged + 7,
            acknowledged,
            0,
            0,
            Map.of("hey-nova:1.0.0", 60_000L),
            Map.of("trial", 12L)),
        new Truth(Map.of(), Map.of()),
        Fates.NONE,
        HeartbeatFates.NONE,
        measurements,
        new ProcessUse(5, 2L << 30, 1L << 30, (long) (cpuSeconds * 1e9), 60_400));
  }

  private static View view() {
    Meter meter = new Meter();
    meter.took(Operation.ACKNOWLEDGE, TimeUnit.SECONDS.toNanos(200)); // before: not shown
    Measurements before = meter.measurements();
    for (int i = 0; i < 100; i++) {
      meter.took(Operation.ACKNOWLEDGE, TimeUnit.MILLISECONDS.toNanos(4));
    }
    meter.failed("refused");
    return new View(report(1_000, 10, before), report(11_000, 15, meter.measurements()), 10, 83);
  }

  @Test
  void screen_showsRatesStatesLatenciesErrorsAndCost() {
    String screen = String.join("\n", view().screen());
    for (String expected :
        List.of(
            "60,000 devices in 4 processes and this one, running 1:23",
            "connected    59,990 of 60,000",
            "heartbeats   1,000.0/s acknowledged   11,000 acknowledged, 11,007 published",
            "releases     hey-nova:1.0.0 60,000",
            "updates      trial 12",
            "errors       refused 1",
            "0.50 processors busy, 2,048 MiB resident, 35.0 KiB a device (heap 1,024 MiB),"
                + " 60,400 descriptors")) {
      assertTrue(screen.contains(expected), () -> expected + "\nin\n" + screen);
    }
    assertTrue(
        screen.lines().anyMatch(line -> line.matches("  acknowledge +4\\.0 .* 100")), screen);
    assertTrue(screen.lines().anyMatch(line -> line.matches("  download +- +- +- +- +-")), screen);
  }

  @Test
  void line_isShort_andHasTheSameFigures() {
    assertEquals(
        "59,990 of 60,000 connected | 1,000 heartbeats/s, 11,000 acknowledged, p99 4.0 ms |"
            + " hey-nova:1.0.0 60,000 | updates: trial 12 | errors: refused 1",
        view().line());
  }

  @Test
  void withoutATerminal_aLineEveryFiveSeconds_andNoControlCharacters() {
    StringWriter out = new StringWriter();
    Display display = new Display(new PrintWriter(out), false, 80, 0);
    for (int second = 0; second <= 11; second++) {
      display.show(report(100L * second, 0, Measurements.none()), second * SECOND);
    }
    assertEquals(2, out.toString().lines().count());
    assertFalse(out.toString().contains("\033"), out.toString());
    assertTrue(out.toString().contains("| 100 heartbeats/s, 500 acknowledged"), out.toString());
  }

  @Test
  void onATerminal_theScreenIsRedrawnInPlace_andCutToItsWidth() {
    StringWriter out = new StringWriter();
    Display display = new Display(new PrintWriter(out), true, 40, 0);
    for (int second = 0; second <= 2; second++) {
      display.show(report(second, 0, Measurements.none()), second * SECOND);
    }
    int height = view().screen().size();
    assertTrue(out.toString().contains("\033[" + height + "A"), out.toString());
    assertTrue(
        out.toString()
            .replaceAll("\033\\[\\d*[AK]", "")
            .lines()
            .allMatch(line -> line.length() < 40));
  }
}
