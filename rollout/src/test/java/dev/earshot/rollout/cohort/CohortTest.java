package dev.earshot.rollout.cohort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.CohortDevice;
import org.junit.jupiter.api.Test;

final class CohortTest {
  private static final CohortDevice DEVICE =
      CohortDevice.newBuilder()
          .setId("kitchen-1")
          .setFleet("home")
          .setChip("ndp120")
          .setRegion("eu")
          .setRelease("hey-nova:1.0.0")
          .build();

  @Test
  void condition_matchesByAttributes() {
    assertTrue(
        Cohort.compile("device.chip == 'ndp120' && device.region == \"eu\"").matches(DEVICE));
    assertFalse(Cohort.compile("device.chip == 'ndp200'").matches(DEVICE));
    assertTrue(Cohort.compile("device.id.startsWith('kitchen')").matches(DEVICE));
    assertTrue(Cohort.compile("device.release in ['hey-nova:1.0.0']").matches(DEVICE));
  }

  @Test
  void unknownAttribute_isRefusedWithTheKnownOnes() {
    assertEquals(
        "column 7: undefined field 'chop' (known: device.id, device.fleet, device.chip,"
            + " device.region, device.firmware, device.hardware, device.release)",
        error("device.chop == 'ndp120'"));
  }

  @Test
  void comparisonWithANumber_isRefused() {
    assertTrue(error("device.chip == 120").contains("no matching overload"));
  }

  @Test
  void text_isNotACondition() {
    assertTrue(error("device.chip").contains("expected type 'bool'"), error("device.chip"));
  }

  @Test
  void halfAnExpression_isRefusedWithItsPlace() {
    assertTrue(error("device.chip == ").startsWith("column "), error("device.chip == "));
  }

  @Test
  void expressionThatFails_matchesNobody() {
    assertFalse(Cohort.compile("1 / size(device.hardware) == 0").matches(DEVICE));
  }

  private static String error(String expression) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Cohort.compile(expression))
            .getMessage());
  }
}
