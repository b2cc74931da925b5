package dev.earshot.gateway.mqtt;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what was taken from devices and is not stored yet, over all connections. At the limit a
 * connection that has more is parked: its socket is not read, so TCP slows the device down.
 * Connections go on when less than three quarters of the limit is in flight. The limit is exceeded
 * by at most one message of each event loop.
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

  /** Whether no further message should be taken now. */
  boolean isFull() {
    return messages.get() >= maxMessages || bytes.get() >= maxBytes;
  }

  /** Counts a message in. */
  void admit(int payloadBytes) {
    messages.incrementAndGet();
    bytes.addAndGet(payloadBytes);
  }

  /** Counts messages out, and wakes parked connections when there is room again. */
  void release(int released, long payloadBytes) {
    bytes.addAndGet(-payloadBytes);
    messages.addAndGet(-released);
    if (parkedCount.get() > 0) {
      wake();
    }
  }

  /** Runs that when there is room again: on any thread, perhaps at once. */
  void park(Runnable resume) {
    parked.add(resume);
    parkedCount.incrementAndGet();
    // What was in flight may all have been released before it was in the queue.
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
