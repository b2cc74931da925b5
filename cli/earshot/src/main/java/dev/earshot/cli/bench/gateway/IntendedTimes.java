package dev.earshot.cli.bench.gateway;

import java.util.Arrays;

/**
 * When the messages of one connection were meant to be sent, oldest first. Latency counts from
 * then, whether or not the sender came round to sending: what waits behind a stall is part of it
 * (no "coordinated omission"). One thread only.
 */
final class IntendedTimes {
  private long[] nanos = new long[8]; // a power of two
  private long first;
  private long end;

  void add(long intendedNanos) {
    if (end - first == nanos.length) {
      grow();
    }
    nanos[(int) end++ & nanos.length - 1] = intendedNanos;
  }

  /** The oldest one, which is forgotten. */
  long remove() {
    if (first == end) {
      throw new IllegalStateException("no message is waiting");
    }
    return nanos[(int) first++ & nanos.length - 1];
  }

  private void grow() {
    long[] old = nanos;
    nanos = Arrays.copyOf(old, 2 * old.length);
    for (long at = first; at < end; at++) {
      nanos[(int) at & nanos.length - 1] = old[(int) at & old.length - 1];
    }
  }
}
