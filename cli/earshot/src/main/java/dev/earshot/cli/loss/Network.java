package dev.earshot.cli.loss;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The state of the network behind a {@link FaultyProxy}. Safe for use by several threads. */
final class Network {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Direction> held = EnumSet.noneOf(Direction.class);
  private Speed speed = Speed.FULL;

  /** Towards the server, or back. */
  enum Direction {
    UP,
    DOWN
  }

  /**
   * How fast it is.
   *
   * @param latencyMillis added to every piece
   * @param bytesPerSecond of one connection in one direction
   */
  record Speed(int latencyMillis, int bytesPerSecond) {
    static final Speed FULL = new Speed(0, Integer.MAX_VALUE);

    /** The largest piece that does not take much longer than its latency. */
    int piece(int most) {
      return Math.clamp(bytesPerSecond / 20, 64, most);
    }

    long millis(int bytes) {
      return latencyMillis + bytes * 1000L / bytesPerSecond;
    }
  }

  /** From now on that slow. */
  void slow(Speed to) {
    lock.lock();
    try {
      speed = to;
    } finally {
      lock.unlock();
    }
  }

  /** Lets nothing through in those directions, and tells nobody: connections are half-open. */
  void hold(Direction... directions) {
    lock.lock();
    try {
      held.addAll(Set.of(directions));
    } finally {
      lock.unlock();
    }
  }

  /** As it should be; what was held goes on. */
  void heal() {
    lock.lock();
    try {
      held.clear();
      speed = Speed.FULL;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Speed speed() {
    lock.lock();
    try {
      return speed;
    } finally {
      lock.unlock();
    }
  }

  /** Takes as long as a piece takes to come through. */
  void pass(Direction direction, int bytes) throws InterruptedException {
    long millis;
    lock.lock();
    try {
      while (held.contains(direction)) {
        changed.await();
      }
      millis = speed.millis(bytes);
    } finally {
      lock.unlock();
    }
    if (millis > 0) {
      TimeUnit.MILLISECONDS.sleep(millis);
    }
  }
}
