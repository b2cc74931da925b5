package dev.earshot.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-0      | bytes 0-0/10",
        "bytes=0-9      | bytes 0-9/10",
        "bytes=3-       | bytes 3-9/10",
        "bytes=3-99     | bytes 3-9/10",
        "bytes=-3       | bytes 7-9/10",
        "bytes=-99      | bytes 0-9/10",
        "bytes= 2 - 4   | bytes 2-4/10",
      })
  void satisfiableRange_isPart(String header, String contentRange) {
    ByteRange.Part part = (ByteRange.Part) ByteRange.of(header, 10);
    assertEquals(contentRange, part.contentRange());
  }

  @ParameterizedTest
  @CsvSource({"bytes=10-", "bytes=10-12", "bytes=-0", "bytes=999999999999999999-"})
  void rangeBehindTheEnd_isUnsatisfiable(String header) {
    ByteRange.Unsatisfiable range = (ByteRange.Unsatisfiable) ByteRange.of(header, 10);
    assertEquals("bytes */10", range.contentRange());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=5-3",
        "bytes=-",
        "bytes=a-b",
        "bytes=0-1,3-4",
        "lines=0-1",
        "bytes=99999999999999999999-",
      })
  void malformedOrSeveralRanges_areIgnored(String header) {
    assertEquals(new ByteRange.Whole(), ByteRange.of(header, 10));
  }

  @Property
  void anyPart_liesInsideTheContent(
      @ForAll @LongRange(min = 0, max = 1L << 40) long first,
      @ForAll @LongRange(min = 0, max = 1L << 40) long last,
      @ForAll @LongRange(min = 0, max = 1L << 40) long total) {
    if (ByteRange.of("bytes=" + first + "-" + last, total) instanceof ByteRange.Part part) {
      assertTrue(part.first() >= 0 && part.first() <= part.last() && part.last() < total);
      assertTrue(part.length() <= last - first + 1);
    }
  }
}
