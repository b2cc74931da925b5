package dev.earshot.protocol.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReleaseRefTest {
  @Test
  void versions_orderAsSemanticVersioningSays() {
    assertEquals(
        List.of("a:1.0.0-rc1", "a:1.0.0", "a:1.2.0", "a:1.10.0", "b:0.1.0"),
        Stream.of("b:0.1.0", "a:1.10.0", "a:1.0.0", "a:1.2.0", "a:1.0.0-rc1")
            .map(ReleaseRef::parse)
            .sorted()
            .map(ReleaseRef::toString)
            .toList());
  }

  @Test
  void badReference_saysWhatIsExpected() {
    assertEquals(
        "release: 'hey-nova' (expected: name:version, such as hey-nova:1.4.0)",
        assertThrows(IllegalArgumentException.class, () -> ReleaseRef.parse("hey-nova"))
            .getMessage());
    assertEquals(
        "version: '1.4' (expected: MAJOR.MINOR.PATCH, such as 1.4.0)",
        assertThrows(IllegalArgumentException.class, () -> ReleaseRef.parse("hey-nova:1.4"))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> ReleaseRef.parse("../etc:1.0.0"));
  }
}
