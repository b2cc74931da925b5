package dev.earshot.cli.loss;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps one process running, as whatever runs services does: one that ends is started again. Faults
 * are done to it one at a time; nobody starts it meanwhile. Safe for use by several threads.
 */
final class Host implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(30);
  private static final long LOOK_MILLIS = 100;

  private final Child.Recipe recipe;
  private final int port;
  private final ReentrantLock turn = new ReentrantLock();
  private final AtomicInteger endedByItself = new AtomicInteger();
  private final Thread watch;
  private final Thread abandon;
  private volatile Child child;
  private volatile long peakResidentBytes;
  private volatile boolean closed;

  /** Something that is done to the process while nobody else touches it. */
  @FunctionalInterface
  interface Deed {
    void to(Child child) throws IOException, InterruptedException;
  }

  /**
   * Starts it; returns when it listens.
   *
   * @param port that it listens on when it is ready
   */
  Host(Child.Recipe recipe, int port) throws IOException, InterruptedException {
    this.recipe = recipe;
    this.port = port;
    this.child = Child.start(recipe);
    this.abandon = new Thread(this::abandon);
    Runtime.getRuntime().addShutdownHook(abandon);
    if (!child.awaitPort(port, READY_WITHIN)) {
      abandon();
      throw new IOException(
          recipe.mainClass()
              + " did not start within "
              + READY_WITHIN.toSeconds()
              + " s; see "
              + recipe.log());
    }
    this.watch = Thread.ofPlatform().daemon().start(this::watch);
  }

  /** How often it ended without having been told to. */
  int endedByItself() {
    return endedByItself.get();
  }

  /** The most memory that any of the processes held, bytes. */
  long peakResidentBytes() {
    return peakResidentBytes;
  }

  /** Does something to the process that leaves it running. */
  void hurt(Deed deed) throws IOException, InterruptedException {
    turn.lockInterruptibly();
    try {
      deed.to(child);
    } finally {
      turn.unlock();
    }
  }

  /** Does something that ends it, or may; starts it again when it did. Returns when it listens. */
  void restart(Deed deed) throws IOException, InterruptedException {
    turn.lockInterruptibly();
    try {
      look();
      deed.to(child);
      if (!child.isAlive()) {
        child = Child.start(recipe);
      }
    } finally {
      turn.unlock();
    }
    boolean _ = awaitReady();
  }

  /** Ends it in order. */
  static void terminate(Child child) throws InterruptedException {
    boolean _ = child.terminate(CLOSE_WITHIN);
  }

  /** Waits until it listens, through ends and starts; false when that does not come. */
  boolean awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (System.nanoTime() < deadline) {
      if (child.awaitPort(port, READY_WITHIN)) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return false;
  }

  private void watch() {
    try {
      while (!closed) {
        look();
        if (turn.tryLock()) {
          try {
            startAgain();
          } finally {
            turn.unlock();
          }
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void startAgain() {
    if (!child.isAlive() && !closed) {
      endedByItself.incrementAndGet();
      try {
        child = Child.start(recipe);
      } catch (IOException e) {
        // No process to be had; at the next look again.
      }
    }
  }

  private void look() {
    peakResidentBytes = Math.max(peakResidentBytes, child.peakResidentBytes());
  }

  /** Ends the process at once: nothing is read from it any more. */
  @Override
  public void close() {
    closed = true;
    try {
      watch.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    child.kill();
    Runtime.getRuntime().removeShutdownHook(abandon);
  }

  /** For the end of the whole program, whatever is going on. */
  private void abandon() {
    closed = true;
    child.kill();
  }
}
