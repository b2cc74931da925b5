package dev.earshot.gateway.mqtt;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers sessions so that a device's newer session has the higher number, also after a restart or
 * on another gateway: the machine's clock in microseconds, and always more than the last. Between
 * gateways it is as good as their clocks.
 */
final class Epochs {
  private final InstantSource machine;
  private final AtomicLong last = new AtomicLong();

  Epochs(InstantSource machine) {
    this.machine = machine;
  }

  long next() {
    Instant now = machine.instant();
    long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    return last.updateAndGet(previous -> Math.max(previous + 1, micros));
  }
}
