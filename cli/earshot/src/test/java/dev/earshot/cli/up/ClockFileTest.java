package dev.earshot.cli.up;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.UserError;
import dev.earshot.protocol.clock.FleetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClockFileTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

  @Test
  void secondRun_neverShowsATimeThatTheFirstMayHaveShown(@TempDir Path data) {
    FleetClock first = new FleetClock(NOW, NOW, 300, InstantSource.fixed(NOW.plusSeconds(60)));
    new ClockFile(data).write(first);
    // Killed right before the next writing: the first run may have shown this.
    Instant mayHaveShown = first.instant().plus(ClockFile.INTERVAL.multipliedBy(300));

    FleetClock second = new ClockFile(data).start(300, InstantSource.fixed(NOW.plusSeconds(70)));

    assertFalse(second.instant().isBefore(mayHaveShown));
    assertTrue(
        Duration.between(mayHaveShown, second.instant()).compareTo(Duration.ofHours(1)) < 0,
        "the fleet stands still while Earshot is down");
  }

  @Test
  void newData_startsNow(@TempDir Path data) {
    assertEquals(NOW, new ClockFile(data).start(300, InstantSource.fixed(NOW)).instant());
  }

  @Test
  void unreadableClock_isRefusedWithTheFix(@TempDir Path data) throws IOException {
    Files.writeString(data.resolve("clock"), "yesterday");
    UserError error =
        assertThrows(UserError.class, () -> new ClockFile(data).start(1, InstantSource.fixed(NOW)));
    assertTrue(String.valueOf(error.getMessage()).contains("use another --data folder"));
  }
}
