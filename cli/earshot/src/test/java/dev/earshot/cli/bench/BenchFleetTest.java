package dev.earshot.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.earshot.cli.Earshot;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchFleetTest {
  @Test
  void table_hasTheRowsOfAllSizes_andADashWhereOneDidNotGetThere() {
    BenchResult reached = new BenchResult();
    reached.put("connects, /s", 981.4);
    reached.put("rollout, s", 42);
    BenchResult broke = new BenchResult();
    broke.put("connects, /s", 12.34);
    broke.put("only here", 1);
    List<String> table = BenchResult.table(List.of("30,000", "60,000"), List.of(reached, broke));
    assertEquals(4, table.size());
    assertTrue(table.get(1).matches("connects, /s +981 +12\\.3"), table.get(1));
    assertTrue(table.get(2).matches("rollout, s +42\\.0 +-"), table.get(2));
    assertTrue(table.get(3).matches("only here +- +1\\.0"), table.get(3));
  }

  @Test
  void percentiles_areInMilliseconds_andADashWithoutMeasurements() {
    Histogram time = new Histogram(2);
    time.recordValueWithCount(2_000, 100); // microseconds
    BenchResult result = new BenchResult();
    BenchFleetCase.percentiles(result, "connect", time);
    BenchFleetCase.percentiles(result, "download", new Histogram(2));
    List<String> table = BenchResult.table(List.of("1"), List.of(result));
    assertTrue(table.get(1).matches("connect, p50, ms +2\\.0"), table.get(1));
    assertTrue(table.get(3).matches("connect, p99\\.9, ms +2\\.0"), table.get(3));
    assertTrue(table.get(4).matches("download, p50, ms +-"), table.get(4));
  }

  @Test
  void thisProcess_isMeasured_andOneThatEndedIsNothing() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")));
    ProcessMeter.Use use = new ProcessMeter(List.of(ProcessHandle.current().pid())).read();
    assertTrue(use.residentBytes() > 1 << 20, use.toString());
    assertTrue(use.mostDescriptors() > 2, use.toString());
    assertTrue(use.cpuSeconds() > 0, use.toString());
    assertEquals(new ProcessMeter.Use(0, 0, 0), new ProcessMeter(List.of(Long.MAX_VALUE)).read());
  }

  @Test
  void sizesThatMakeNoFleet_areRefused() {
    StringWriter err = new StringWriter();
    CommandLine command = Earshot.commandLine().setErr(new PrintWriter(err));
    assertEquals(1, command.execute("bench", "fleet", "--devices", "30000,7"));
    assertTrue(err.toString().contains("--devices: 7 (expected: at least 100)"), err.toString());
  }
}
