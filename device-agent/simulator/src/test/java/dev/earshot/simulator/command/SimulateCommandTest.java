package dev.earshot.simulator.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SimulateCommandTest {
  private static final String KEY = "ab".repeat(32);
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new SimulateCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void help_showsTheFlagsThatLoadTestersKnow() {
    assertEquals(0, run("--help"));
    for (String flag :
        new String[] {
          "-c, --count, --devices",
          "-R, --connrate, --connect-rate",
          "-i=MS",
          "-I, --interval, --interval_of_msg",
          "-p, --port",
          "--ifaddr"
        }) {
      assertTrue(out.toString().contains(flag), out.toString());
    }
  }

  @Test
  void wrongValues_areNamedWithWhatIsExpected() {
    assertEquals(2, run("--publisher-key", KEY, "-I", "quarter"));
    assertTrue(
        err.toString()
            .contains("'quarter' (expected: a number with ms, s, m, h or d, such as 15m)"),
        err.toString());
    assertEquals(2, run("--publisher-key", KEY, "--gateway", "nowhere"));
    assertTrue(
        err.toString().contains("gateway: 'nowhere' (expected: host:port, such as localhost:1883)"),
        err.toString());
    assertEquals(2, run("--publisher-key", "abc"));
    assertTrue(err.toString().contains("public key: 'abc' (expected: 64"), err.toString());
  }

  @Test
  void flagsThatContradict_areRefused() {
    assertEquals(2, run("--publisher-key", KEY, "-i", "10", "-R", "100"));
    assertTrue(err.toString().contains("-i: together with -R"), err.toString());
    assertEquals(2, run("--publisher-key", KEY, "--host", "a", "--gateway", "b:1883"));
    assertTrue(err.toString().contains("--host: together with --gateway"), err.toString());
    assertEquals(2, run("--publisher-key", KEY, "--processes", "101"));
    assertTrue(err.toString().contains("processes: 101 (expected: 1 to 100)"), err.toString());
  }

  @Test
  void registryThatIsNotThere_isOneLine() {
    assertEquals(1, run("--publisher-key", KEY, "--registry", "http://127.0.0.1:1"));
    assertTrue(
        err.toString()
            .startsWith(
                "simulate: factory release hey-nova:1.0.0: GET http://127.0.0.1:1/v1/releases/"),
        err.toString());
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void durations_areReadAsPeopleTypeThem() {
    assertEquals(Duration.ofMillis(250), ShortDuration.parse("250ms"));
    assertEquals(Duration.ofSeconds(90), ShortDuration.parse("90s"));
    assertEquals(Duration.ofMinutes(15), ShortDuration.parse("15m"));
    assertEquals(Duration.ofHours(2), ShortDuration.parse("2h"));
    assertEquals(Duration.ofDays(7), ShortDuration.parse("7d"));
    assertEquals(Duration.ofSeconds(1), ShortDuration.parse("1000"));
    assertThrows(IllegalArgumentException.class, () -> ShortDuration.parse("0s"));
  }
}
