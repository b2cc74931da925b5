package dev.earshot.cli.up;

import dev.earshot.cli.PrivateFile;
import dev.earshot.cli.UserError;
import dev.earshot.protocol.clock.FleetClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;

/**
 * Keeps the fleet's clock from running backwards between two runs on the same data. The fleet
 * stands still while Earshot is down: a run continues where the last one was seen, plus what may
 * have passed since that was written.
 */
final class ClockFile {
  /** How often the time is written, by the machine's clock. */
  static final Duration INTERVAL = Duration.ofSeconds(2);

  private final Path file;
  private Instant written = Instant.EPOCH;

  ClockFile(Path dataDirectory) {
    this.file = dataDirectory.resolve("clock");
  }

  /** The clock for a run at that speed. */
  FleetClock start(double speed, InstantSource machine) {
    Instant now = machine.instant();
    if (!Files.exists(file)) {
      return FleetClock.startingAt(now, speed, machine);
    }
    try {
      String[] lines = Files.readString(file).strip().split("\\s+");
      Instant seen = Instant.parse(lines[0]);
      double lastSpeed = lines.length > 1 ? Double.parseDouble(lines[1]) : 1;
      Instant resumed = seen.plusMillis((long) (2 * INTERVAL.toMillis() * lastSpeed));
      return FleetClock.startingAt(resumed.isAfter(now) ? resumed : now, speed, machine);
    } catch (IOException | DateTimeParseException | NumberFormatException e) {
      throw new UserError(
          file + " is unreadable (" + e.getMessage() + "). Fix: use another --data folder.", e);
    }
  }

  /** Writes the time when the last writing is {@link #INTERVAL} ago. */
  void keep(FleetClock clock) {
    if (clock.machine().instant().isAfter(written.plus(INTERVAL))) {
      write(clock);
    }
  }

  /** Writes the time for the next run. */
  void write(FleetClock clock) {
    written = clock.machine().instant();
    try {
      PrivateFile.write(
          file, (clock.instant() + " " + clock.speed() + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UserError("can't write " + file + ": " + e.getMessage(), e);
    }
  }
}
