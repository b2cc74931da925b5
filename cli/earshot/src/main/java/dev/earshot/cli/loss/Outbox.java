package dev.earshot.cli.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one device has to send: what is not acknowledged, oldest first, and new messages at its
 * pace. A new connection begins with the oldest again. Safe for use by several threads.
 */
final class Outbox {
  /** How many messages a device leaves unacknowledged at most. */
  static final int WINDOW = 16;

  private static final int HIGHEST_PACKET_ID = 65_535;

  private final DeviceJournal journal;
  private final SplittableRandom random;
  private final long paceNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Waiting> unacknowledged = new ArrayList<>();
  private boolean making = true;
  private boolean connected;
  private int window;
  private int onWire;
  private int packetId;
  private long dueNanos;

  private static final class Waiting {
    final Numbered message;
    final int packetId;
    boolean sentBefore;

    Waiting(Numbered message, int packetId) {
      this.message = message;
      this.packetId = packetId;
    }
  }

  /** What to send next; {@code again} when it was sent before. */
  record Outgoing(Numbered message, int packetId, boolean again) {}

  /** What an acknowledgement is about. */
  enum Answer {
    /** The oldest message on the wire. */
    OLDEST,
    /** A message on the wire that is not the oldest: MQTT asks for the order of the messages. */
    OVERTAKING,
    /** No message that is on the wire. */
    UNKNOWN
  }

  /**
   * @param paceNanos between two new messages, on average
   */
  Outbox(DeviceJournal journal, SplittableRandom random, long paceNanos) {
    this.journal = journal;
    this.random = random;
    this.paceNanos = paceNanos;
    this.dueNanos = System.nanoTime() + random.nextLong(paceNanos);
  }

  /** A connection is there on which at most so many messages may be unacknowledged. */
  void connected(int atMost) {
    lock.lock();
    try {
      connected = true;
      window = Math.min(WINDOW, atMost);
      onWire = 0;
    } finally {
      lock.unlock();
    }
  }

  /** The connection has ended. */
  void disconnected() {
    lock.lock();
    try {
      connected = false;
      onWire = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next message of this connection; empty when it has ended. */
  Optional<Outgoing> take() throws InterruptedException {
    lock.lock();
    try {
      while (connected) {
        if (onWire < Math.min(unacknowledged.size(), window)) {
          Waiting next = unacknowledged.get(onWire);
          onWire++;
          boolean again = next.sentBefore;
          next.sentBefore = true;
          return Optional.of(new Outgoing(next.message, next.packetId, again));
        }
        long waitNanos = TimeUnit.SECONDS.toNanos(1);
        if (making && unacknowledged.size() < window) {
          waitNanos = dueNanos - System.nanoTime();
          if (waitNanos <= 0) {
            number();
            continue;
          }
        }
        long _ = changed.awaitNanos(waitNanos);
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void number() {
    packetId = packetId == HIGHEST_PACKET_ID ? 1 : packetId + 1;
    unacknowledged.add(new Waiting(journal.next(), packetId));
    dueNanos = System.nanoTime() + random.nextLong(paceNanos / 2, paceNanos * 3 / 2);
  }

  /** The gateway has acknowledged what has this packet id. */
  Answer acknowledged(int id) {
    lock.lock();
    try {
      for (int i = 0; i < onWire; i++) {
        if (unacknowledged.get(i).packetId == id) {
          journal.acknowledged(unacknowledged.remove(i).message);
          onWire--;
          changed.signalAll();
          return i == 0 ? Answer.OLDEST : Answer.OVERTAKING;
        }
      }
      return Answer.UNKNOWN;
    } finally {
      lock.unlock();
    }
  }

  /** Numbers no more messages. */
  void finish() {
    lock.lock();
    try {
      making = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether this connection owes an acknowledgement. */
  boolean awaits() {
    lock.lock();
    try {
      return onWire > 0;
    } finally {
      lock.unlock();
    }
  }

  /** How many messages are not acknowledged. */
  int size() {
    lock.lock();
    try {
      return unacknowledged.size();
    } finally {
      lock.unlock();
    }
  }
}
