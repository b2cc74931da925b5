package dev.earshot.protocol.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SizesTest {
  @ParameterizedTest
  @CsvSource({
    "0B, 0",
    "800B, 800",
    "500KB, 500000",
    "1MB, 1000000",
    "2GB, 2000000000",
    "1001B, 1001"
  })
  void size_isReadAndWrittenInItsShortestForm(String text, long bytes) {
    assertEquals(bytes, Sizes.parse(text));
    assertEquals(text, Sizes.format(bytes));
  }

  @Test
  void longerForm_meansTheSame() {
    assertEquals(1_000_000, Sizes.parse("1000KB"));
    assertEquals(999_999_999_000_000_000L, Sizes.parse("999999999GB"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MB", "1", "-1MB", "1.5MB", "1MiB", "1 MB", "1mb", "1234567890B"})
  void anythingElse_isRefusedWithAnExample(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Sizes.parse(text));
    assertEquals(
        "'" + text + "' (expected: a number of bytes such as 800B, 500KB, 1MB or 2GB)",
        refused.getMessage());
  }
}
