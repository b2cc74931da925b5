package dev.earshot.cli.bench.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.Earshot;
import dev.earshot.cli.UserError;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PeersTest {
  @TempDir Path folder;

  @Test
  void mosquitto_isNotLimited_keepsNothing_andListensOnTheLoopbackOnly() {
    List<String> lines = Mosquitto.configuration(1884, "me").lines().toList();
    assertEquals("listener 1884 127.0.0.1", lines.getFirst());
    assertTrue(
        lines.containsAll(
            List.of(
                "user me",
                "allow_anonymous true",
                "persistence false",
                "max_inflight_messages 0",
                "max_queued_messages 0")),
        lines.toString());
  }

  @Test
  void heap_isTheTotalOfTheHistogram() {
    assertEquals(
        7_654_321,
        Heap.parse(
            """
            4711:
             num     #instances         #bytes  class name (module)
            -------------------------------------------------------
               1:         12345        1234567  [B (java.base@25)
            Total        123456        7654321
            """));
  }

  @Test
  void noHistogram_isAnErrorWithWhatWasSaid() {
    UserError error = assertThrows(UserError.class, () -> Heap.parse("no such process\n"));
    assertTrue(String.valueOf(error.getMessage()).endsWith("no such process"));
  }

  @Test
  void fleetCount_survivesBeingTold() {
    FleetCount count = new FleetCount(10, 7, 3, 20, 4, 5, 1.25);
    assertEquals(count, FleetCount.parse(count.words().split(" ", -1)));
    assertTrue(count.settled());
  }

  @Test
  void latency_isInMilliseconds_andSurvivesBeingTold() {
    Histogram micros = new Histogram(1, 1_000_000, 3);
    micros.recordValueWithCount(1_000, 998);
    micros.recordValueWithCount(8_000, 2);
    Latency latency = Latency.parse(Latency.of(micros).words().split(" ", -1));
    assertEquals(1, latency.p50(), 0.01);
    assertEquals(1, latency.p99(), 0.01);
    assertEquals(8, latency.p999(), 0.01);
    assertEquals(8, latency.highest(), 0.01);
    assertEquals(1_000, latency.count());
  }

  @Test
  void coordinate_keepsItsLeadingZeros() {
    assertEquals(43, BenchTokens.coordinate("ab").length());
    assertEquals(43, BenchTokens.coordinate("f".repeat(64)).length());
  }

  @Test
  void progress_isSeenByWhoeverOpensTheFile() throws Exception {
    Progress producer = Progress.open(folder.resolve("progress"));
    Progress burner = Progress.open(folder.resolve("progress"));
    producer.acknowledged(12);
    burner.burnt(5);
    assertEquals(12, burner.acknowledged());
    assertEquals(5, producer.burnt());
  }

  @Test
  void optionsThatMeasureNothing_areRefused() {
    StringWriter err = new StringWriter();
    CommandLine command = Earshot.commandLine().setErr(new PrintWriter(err));
    assertEquals(1, command.execute("bench", "gateway", "--only", "scale-out", "--rounds", "0"));
    assertTrue(err.toString().contains("--rounds: 0 (expected: at least 1)"), err.toString());
  }

  @Test
  void partThatDoesNotExist_isRefused_withThoseThatDo() {
    StringWriter err = new StringWriter();
    CommandLine command = Earshot.commandLine().setErr(new PrintWriter(err));
    assertEquals(2, command.execute("bench", "gateway", "--only", "speed"));
    assertTrue(err.toString().contains("scale-out"), err.toString());
  }
}
