package dev.earshot.rollout.stream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A machine's clock that a test moves. */
final class ManualClock implements InstantSource {
  static final Instant START = Instant.parse("2026-01-05T00:00:00Z");

  private Instant now = START;

  @Override
  public Instant instant() {
    return now;
  }

  void advance(Duration step) {
    now = now.plus(step);
  }
}
