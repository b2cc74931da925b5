package dev.earshot.gateway.limits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetTableTest {
  private static final FleetLimits OTHERS =
      new FleetLimits(
          9, FleetLimits.connectsPerSecond(8), FleetLimits.messagesPerSecond(7), 16 << 10);

  private static FleetTable parse(String text) {
    return FleetTable.parse(text.getBytes(UTF_8), OTHERS);
  }

  @Test
  void line_overridesWhatItNames_andNothingElse() {
    FleetTable table =
        parse(
            """
            # the flat in Oslo

            home  connections=5000 connects-per-second=50\tmessages-per-second=2000 payload-bytes=8192
              lab messages-per-second=10
            free connections=0 connects-per-second=0 messages-per-second=0
            """);
    assertEquals(
        new FleetLimits(
            5_000, FleetLimits.connectsPerSecond(50), FleetLimits.messagesPerSecond(2_000), 8_192),
        table.limits("home"));
    assertEquals(
        new FleetLimits(
            9, FleetLimits.connectsPerSecond(8), FleetLimits.messagesPerSecond(10), 16 << 10),
        table.limits("lab"));
    assertEquals(
        new FleetLimits(0, Rate.UNLIMITED, Rate.UNLIMITED, 16 << 10), table.limits("free"));
    assertEquals(OTHERS, table.limits("another"));
    assertEquals(OTHERS, parse("").limits("home"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ho/me connections=1|fleet: 'ho/me' (expected: 1 to 64 of A-Z a-z 0-9 _ -)",
        "home|fleet: 'home' without a limit (expected: connections=N, connects-per-second=N,"
            + " messages-per-second=N, payload-bytes=N)",
        "home conections=1|'conections' is no limit (did you mean connections?)",
        "home colour=1|'colour' is no limit (expected: connections, connects-per-second,"
            + " messages-per-second, payload-bytes)",
        "home connections=-1|connections: '-1' (expected: a whole number from 0 to 1000000)",
        "home connections|connections: '' (expected: a whole number from 0 to 1000000)",
        "home connections=|connections: '' (expected: a whole number from 0 to 1000000)",
        "home connects-per-second=100001|connects-per-second: '100001' (expected: a whole number"
            + " from 0 to 100000)",
        "home messages-per-second=1.5|messages-per-second: '1.5' (expected: a whole number from 0"
            + " to 1000000)",
        "home payload-bytes=1023|payload-bytes: '1023' (expected: a whole number from 1024 to"
            + " 131072)",
        "home connections=1 connections=1|connections: given twice (expected: once)",
        "lab connections=2|fleet: 'lab' has a line already (expected: one line for a fleet)",
      })
  void wrongLine_isNamed(String line, String message) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> parse("# first\nlab connections=1\n" + line + "\n"));
    assertEquals("line 3: " + message, refused.getMessage());
  }
}
