package dev.earshot.rollout.plan;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.Set;

/**
 * When a device may be disturbed, in its own local time. A window that ends before it begins goes
 * past midnight and belongs to the day on which it begins.
 *
 * @param from first minute
 * @param to end, exclusive; equal to {@code from}: the whole day
 * @param days on which it begins; at least one
 */
public record Window(LocalTime from, LocalTime to, Set<DayOfWeek> days) {
  public Window {
    Checks.require(!days.isEmpty(), "windows", "no days", "at least one day");
    days = Set.copyOf(EnumSet.copyOf(days));
  }

  /** Whether that local time lies within. */
  public boolean contains(LocalDateTime local) {
    LocalTime time = local.toLocalTime();
    boolean overMidnight = !from.isBefore(to);
    if (!overMidnight) {
      return days.contains(local.getDayOfWeek()) && !time.isBefore(from) && time.isBefore(to);
    }
    return (!time.isBefore(from) && days.contains(local.getDayOfWeek()))
        || (time.isBefore(to) && days.contains(local.getDayOfWeek().minus(1)));
  }
}
