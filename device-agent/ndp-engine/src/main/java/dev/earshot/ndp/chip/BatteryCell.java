package dev.earshot.ndp.chip;

import java.util.List;
import java.util.Optional;

/**
 * A cell, as far as battery life goes. The known ones stand in {@code cells.csv}.
 *
 * @param id for the command line
 * @param name for people
 * @param milliampHours nominal capacity, above 0
 * @param volts nominal, above 0
 * @param usableShare of the capacity that can be taken out before the voltage is too low, above 0
 *     to 1
 * @param selfDischargePerYear share of what is left that a year of lying around takes, 0 to below 1
 * @param source where the figures come from
 */
public record BatteryCell(
    String id,
    String name,
    double milliampHours,
    double volts,
    double usableShare,
    double selfDischargePerYear,
    String source) {
  private static final double DAYS_PER_YEAR = 365.25;

  private static final List<BatteryCell> ALL =
      DataTable.read(
          "cells.csv",
          "id,name,milliampHours,volts,usableShare,selfDischargePerYear,source",
          row ->
              new BatteryCell(
                  row[0],
                  row[1],
                  Double.parseDouble(row[2]),
                  Double.parseDouble(row[3]),
                  Double.parseDouble(row[4]),
                  Double.parseDouble(row[5]),
                  row[6]));

  public BatteryCell {
    require(milliampHours > 0 && milliampHours <= 1e6, "milliampHours", milliampHours, "0 to 1e6");
    require(volts > 0 && volts <= 1000, "volts", volts, "0 to 1000");
    require(usableShare > 0 && usableShare <= 1, "usableShare", usableShare, "above 0 to 1");
    require(
        selfDischargePerYear >= 0 && selfDischargePerYear < 1,
        "selfDischargePerYear",
        selfDischargePerYear,
        "0 to below 1");
  }

  /** All cells that are known. */
  public static List<BatteryCell> all() {
    return ALL;
  }

  /** The cell with this id, such as {@code cr2032}. */
  public static Optional<BatteryCell> byId(String id) {
    return ALL.stream().filter(cell -> cell.id().equals(id)).findFirst();
  }

  /** What can be taken out of a new cell at once. */
  public double usableMilliwattHours() {
    return milliampHours * volts * usableShare;
  }

  /**
   * Days until a new cell is empty, when this load is all that it feeds. The error bar is that of
   * the load; the cell's own spread, temperature and the losses of a converter come on top.
   */
  public Estimate days(Estimate milliwatts) {
    return new Estimate(
        days(milliwatts.value()),
        days(milliwatts.high()),
        days(milliwatts.low()),
        milliwatts.basis());
  }

  /**
   * What is left falls by the load and by a share of itself: {@code E' = -P - k E}, so that it is
   * empty after {@code ln(1 + k E0 / P) / k}.
   */
  private double days(double milliwatts) {
    double perDay = 24 * milliwatts;
    double decay = -Math.log1p(-selfDischargePerYear) / DAYS_PER_YEAR;
    if (decay == 0) {
      return usableMilliwattHours() / perDay;
    }
    return Math.log1p(decay * usableMilliwattHours() / perDay) / decay;
  }

  private static void require(boolean holds, String name, double value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "cell " + name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
