package dev.earshot.agent.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * How somebody who stands before the device asks for the model before: a file in its state
 * directory. It waits there for an agent that does not run now.
 */
final class HandRevert {
  private static final String FILE = "revert";
  private static final int LONGEST = 200;

  private HandRevert() {}

  /**
   * Asks.
   *
   * @param reason for the report, at most 200 characters
   */
  static void ask(Path state, String reason) throws IOException {
    if (reason.isBlank() || reason.length() > LONGEST) {
      throw new IllegalArgumentException(
          "reason: " + reason.length() + " characters (expected: 1 to " + LONGEST + ")");
    }
    Path next = state.resolve(FILE + ".next");
    Files.writeString(next, reason);
    try {
      Files.move(next, state.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(state + ": this file system can't rename files at once", e);
    }
  }

  /** Takes what was asked; the reason when something was. */
  static Optional<String> take(Path state) throws IOException {
    Path file = state.resolve(FILE);
    try {
      String reason = Files.readString(file, StandardCharsets.UTF_8).strip();
      Files.delete(file);
      return Optional.of(reason.length() > LONGEST ? reason.substring(0, LONGEST) : reason);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
