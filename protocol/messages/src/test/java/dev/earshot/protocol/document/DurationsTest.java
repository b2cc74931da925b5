package dev.earshot.protocol.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.25S, 250ms",
    "PT90S, 90s",
    "PT30M, 30m",
    "PT6H, 6h",
    "PT48H, 2d",
    "PT0.0001S, PT0.0001S",
    "PT300H0.001S, PT300H0.001S",
    "PT1000000000S, PT277777H46M40S"
  })
  void duration_isWrittenInItsShortestForm(Duration duration, String text) {
    assertEquals(text, Durations.format(duration));
    assertEquals(duration, Durations.parse(text));
  }

  @Property(tries = 500)
  void writtenDuration_readsBackTheSame(
      @ForAll @LongRange(min = 0, max = 3_599_999_999_999L) long seconds,
      @ForAll @LongRange(min = 0, max = 999) long rest) {
    Duration duration = Duration.ofSeconds(seconds).plusNanos(rest * rest);
    assertEquals(duration, Durations.parse(Durations.format(duration)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "6",
        "h",
        "-6h",
        "PT-6H",
        "6 h",
        "1.5h",
        "P",
        "PT",
        "P1Y",
        "pt6h",
        "1234567890s"
      })
  void whatIsNoDuration_isRefused(String text) {
    assertEquals(
        "'" + text + "' (expected: a duration such as 90s, 30m, 6h, 2d or PT30M)",
        assertThrows(IllegalArgumentException.class, () -> Durations.parse(text)).getMessage());
  }
}
