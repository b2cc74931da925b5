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
  // Both counts in one word, as it is counted twice for each message: bytes below, messages above.
  private static final int BYTES_BITS = 40;
  private static final long ONE_MESSAGE = 1L << BYTES_BITS;
  private static final long BYTES_MASK = ONE_MESSAGE - 1;

  private final int maxMessages;
  private final long maxBytes;
  private final AtomicLong inFlight = new AtomicLong();
  private final AtomicInteger parkedCount = new AtomicInteger();
  private final Queue<Runnable> parked = new ConcurrentLinkedQueue<>();

  Backpressure(int maxMessages, long maxBytes) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  /** Whether no further message should be taken now. */
  boolean isFull() {
    long now = inFlight.get();
    return messages(now) >= maxMessages || bytes(now) >= maxBytes;
  }

  /** Counts a message in. */
  void admit(int payloadBytes) {
    inFlight.addAndGet(ONE_MESSAGE + payloadBytes);
  }

  /** Counts messages out, and wakes parked connections when there is room again. */
  void release(int released, long payloadBytes) {
    inFlight.addAndGet(-(released * ONE_MESSAGE + payloadBytes));
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
    while (hasRoom()) {
      Runnable resume = parked.poll();
      if (resume == null) {
        return;
      }
      parkedCount.decrementAndGet();
      resume.run();
    }
  }

  private boolean hasRoom() {
    long now = inFlight.get();
    return messages(now) <= maxMessages * 3L / 4 && bytes(now) <= maxBytes / 4 * 3;
  }

  private static int messages(long counts) {
    return (int) (counts >>> BYTES_BITS);
  }

  private static long bytes(long counts) {
    return counts & BYTES_MASK;
  }

  int messagesInFlight() {
    return messages(inFlight.get());
  }

  long bytesInFlight() {
    return bytes(inFlight.get());
  }

  int parkedConnections() {
    return parkedCount.get();
  }
}
