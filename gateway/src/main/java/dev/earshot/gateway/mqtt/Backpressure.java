package dev.earshot.gateway.mqtt;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what was read from devices and is not stored yet, over all connections. At the limit the
 * connection that reached it is parked: its socket is not read, so TCP slows the device down.
 * Connections go on when less than three quarters of the limit is in flight. What one read of the
 * socket had brought already still comes in, so the limit is exceeded by at most that.
 *
 * <p>Safe for any thread.
 */
final class Backpressure {
  private final int maxMessages;
  private final long maxBytes;
  private final AtomicInteger messages = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger parkedCount = new AtomicInteger();
  private final Queue<Runnable> parked = new ConcurrentLinkedQueue<>();

  Backpressure(int maxMessages, long maxBytes) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  /** Counts a message in; false when its connection should be parked. */
  boolean admit(int payloadBytes) {
    int nowMessages = messages.incrementAndGet();
    long nowBytes = bytes.addAndGet(payloadBytes);
    return nowMessages < maxMessages && nowBytes < maxBytes;
  }

  /** Counts a message out, and wakes parked connections when there is room again. */
  void release(int payloadBytes) {
    bytes.addAndGet(-payloadBytes);
    messages.decrementAndGet();
    if (parkedCount.get() > 0) {
      wake();
    }
  }

  /** Runs that when there is room again: on any thread, perhaps at once. */
  void park(Runnable resume) {
    parked.add(resume);
    parkedCount.incrementAndGet();
    // What was in flight may all have been released between admit and here.
    wake();
  }

  private void wake() {
    while (messages.get() <= maxMessages * 3L / 4 && bytes.get() <= maxBytes / 4 * 3) {
      Runnable resume = parked.poll();
      if (resume == null) {
        return;
      }
      parkedCount.decrementAndGet();
      resume.run();
    }
  }

  int messagesInFlight() {
    return messages.get();
  }

  long bytesInFlight() {
    return bytes.get();
  }

  int parkedConnections() {
    return parkedCount.get();
  }
}
