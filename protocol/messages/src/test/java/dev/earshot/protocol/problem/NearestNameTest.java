package dev.earshot.protocol.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NearestNameTest {
  private static final List<String> KNOWN = List.of("holdback_percent", "stages", "schedule");

  @Test
  void fewWrongLetters_areForgiven() {
    assertEquals(Optional.of("stages"), NearestName.of("stage", KNOWN));
    assertEquals(Optional.of("schedule"), NearestName.of("shedul", KNOWN));
    assertEquals(Optional.of("fleet"), NearestName.of("flete", List.of("chip", "fleet")));
  }

  @Test
  void beginning_isEnough() {
    assertEquals(Optional.of("holdback_percent"), NearestName.of("holdback", KNOWN));
  }

  @Test
  void strangeName_hasNoNeighbour() {
    assertEquals(Optional.empty(), NearestName.of("colour", KNOWN));
    assertEquals(Optional.empty(), NearestName.of("sta", List.of("schedule")));
    assertEquals(Optional.empty(), NearestName.of("", KNOWN));
    assertEquals(Optional.empty(), NearestName.of("stages".repeat(100), KNOWN));
  }
}
