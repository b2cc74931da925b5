package dev.earshot.gateway.fuzz;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Writes the same bytes over and over, and reads nothing of what is answered. */
final class Flood implements AutoCloseable {
  private static final long STALLED_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

  private final MqttSocket socket;
  private final long mostBytes;
  private final AtomicLong written = new AtomicLong();
  private final Thread writer;
  private volatile boolean ended;

  /**
   * Begins at once.
   *
   * @param mostBytes when this much was written it ends
   */
  Flood(MqttSocket socket, byte[] chunk, long mostBytes) {
    this.socket = socket;
    this.mostBytes = mostBytes;
    this.writer = Thread.ofVirtual().start(() -> write(chunk));
  }

  private void write(byte[] chunk) {
    try {
      while (written.get() < mostBytes) {
        socket.send(chunk);
        written.addAndGet(chunk.length);
      }
    } catch (IOException e) {
      // Closed, by one side or the other.
    }
    ended = true;
  }

  /**
   * Waits until the gateway takes no more, or has closed, or everything was written.
   *
   * @return bytes written
   */
  long untilItStalls() {
    long last = -1;
    long sinceNanos = System.nanoTime();
    while (!ended && System.nanoTime() - sinceNanos < STALLED_AFTER_NANOS) {
      long now = written.get();
      if (now != last) {
        last = now;
        sinceNanos = System.nanoTime();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    return written.get();
  }

  @Override
  public void close() throws IOException {
    socket.reset();
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
