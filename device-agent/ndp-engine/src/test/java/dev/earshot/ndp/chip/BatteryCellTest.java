package dev.earshot.ndp.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class BatteryCellTest {
  private static final Estimate MILLIWATT = new Estimate(1, 0.5, 2, "test");

  private static BatteryCell cell(double usableShare, double selfDischargePerYear) {
    return new BatteryCell("x", "X", 100, 2.4, usableShare, selfDischargePerYear, "test");
  }

  @Test
  void withoutSelfDischarge_daysAreEnergyByPower() {
    Estimate days = cell(0.5, 0).days(MILLIWATT);
    // 100 mAh at 2.4 V, half of it: 120 mWh.
    assertEquals(5, days.value(), 1e-9);
    assertEquals(2.5, days.low(), 1e-9);
    assertEquals(10, days.high(), 1e-9);
    assertEquals("test", days.basis());
  }

  @Test
  void selfDischarge_countsMostForSmallLoads() {
    Estimate tiny = new Estimate(0.0001, 0.0001, 0.0001, "test");
    double lossless = cell(1, 0).days(tiny).value();
    double lossy = cell(1, 0.1).days(tiny).value();
    assertTrue(lossy < lossless / 8, lossy + " of " + lossless);
    assertEquals(cell(1, 0).days(MILLIWATT).value(), cell(1, 0.1).days(MILLIWATT).value(), 0.02);
  }

  @Property(tries = 200)
  void emptyingStepByStep_takesAsLong(
      @ForAll @DoubleRange(min = 0.05, max = 2) double milliwatts,
      @ForAll @DoubleRange(min = 0, max = 0.9) double selfDischargePerYear) {
    BatteryCell cell = cell(0.8, selfDischargePerYear);
    double days = cell.days(new Estimate(milliwatts, milliwatts, milliwatts, "")).value();
    int steps = 20_000;
    double left = cell.usableMilliwattHours();
    double keptPerStep = Math.pow(1 - selfDischargePerYear, days / steps / 365.25);
    for (int i = 0; i < steps; i++) {
      left = left * keptPerStep - 24 * milliwatts * days / steps;
    }
    assertEquals(0, left, cell.usableMilliwattHours() * 1e-3);
  }

  @Test
  void knownCells_haveASource() {
    assertEquals(607.5, BatteryCell.byId("cr2032").orElseThrow().usableMilliwattHours(), 1e-9);
    BatteryCell.all().forEach(cell -> assertFalse(cell.source().isBlank(), cell.id()));
  }

  @Test
  void impossibleCell_isRefused() {
    assertEquals(
        "cell usableShare: 1.5 (expected: above 0 to 1)",
        assertThrows(IllegalArgumentException.class, () -> cell(1.5, 0)).getMessage());
  }
}
