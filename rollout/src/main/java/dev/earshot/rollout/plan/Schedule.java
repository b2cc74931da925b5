package dev.earshot.rollout.plan;

import dev.earshot.protocol.document.Checks;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When things may happen.
 *
 * @param startAt when the rollout starts by itself after it was told to; null: at once
 * @param windows when a device may be told to update, in its local time; empty: always; at most 16
 * @param freezes when nobody is told anything new; at most 100
 */
public record Schedule(@Nullable Instant startAt, List<Window> windows, List<Freeze> freezes) {
  /** At once, and always: trials and gates protect people better than the hour of the day. */
  public static final Schedule DEFAULT = new Schedule(null, List.of(), List.of());

  public Schedule {
    windows = List.copyOf(windows);
    freezes = List.copyOf(freezes);
    new Checks()
        .instant("schedule.start_at", startAt == null ? Instant.EPOCH : startAt)
        .require(
            windows.size() <= 16, "schedule.windows", windows.size() + " windows", "at most 16")
        .require(
            freezes.size() <= 100, "schedule.freezes", freezes.size() + " freezes", "at most 100")
        .done();
  }

  /** The freeze that is in force; empty when none is. */
  public Optional<Freeze> freeze(Instant now) {
    return freezes.stream().filter(freeze -> freeze.contains(now)).findFirst();
  }

  /**
   * Whether a device may be told to update now.
   *
   * @param utcOffsetMinutes of the device's local time, as it said
   */
  public boolean isOpen(Instant now, int utcOffsetMinutes) {
    if (windows.isEmpty()) {
      return true;
    }
    LocalDateTime local =
        LocalDateTime.ofInstant(now.plusSeconds(60L * utcOffsetMinutes), ZoneOffset.UTC);
    return windows.stream().anyMatch(window -> window.contains(local));
  }
}
