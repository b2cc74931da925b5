package dev.earshot.rollout.plan;

import dev.earshot.protocol.document.Checks;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * When a device may be disturbed, in its own local time. A window that ends before it begins goes
 * past midnight and belongs to the day on which it begins.
 *
 * @param from first minute
 * @param to end, exclusive, to the minute; equal to {@code from}: 24 hours
 * @param days on which it begins; at least one
 */
public record Window(LocalTime from, LocalTime to, Set<DayOfWeek> days) {
  public Window {
    new Checks()
        .require(isWholeMinute(from), "from", from, "whole minutes")
        .require(isWholeMinute(to), "to", to, "whole minutes")
        .require(!days.isEmpty(), "days", "[]", "at least one day")
        .done();
    days = Collections.unmodifiableSet(EnumSet.copyOf(days));
  }

  private static boolean isWholeMinute(LocalTime time) {
    return time.equals(time.truncatedTo(ChronoUnit.MINUTES));
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
