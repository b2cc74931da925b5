package dev.earshot.cli.bench.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Sends MQTT publishes over many connections in one thread, as cheaply as sockets allow: it shares
 * the machine with what it measures. A message is a copy of prepared bytes; what is to be sent on a
 * connection goes out in one write.
 */
final class LoadLoop implements Runnable {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final long SELECT_MILLIS = 100;

  /** Paced messages wait this long at most before they are sent; part of the measured latency. */
  private static final long PACE_NANOS = 100_000;

  private static final long LONGEST_MICROS = 300_000_000;

  private final Selector selector;
  private final List<LoadConnection> connections;
  private final int inFlight;
  private final double perSecond;
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final AtomicLong acknowledged = new AtomicLong();
  private final SingleWriterRecorder latency = new SingleWriterRecorder(1, LONGEST_MICROS, 3);
  private final Consumer<SelectionKey> ready;
  private long nowNanos;
  private long acknowledgedHere;
  private volatile boolean over;
  private volatile @Nullable IOException failure;

  /**
   * Over these open connections.
   *
   * @param inFlight unacknowledged on each connection at any time; 0 for paced load
   * @param perSecond messages a second over all, whatever the answers do; 0 for as many as go
   */
  LoadLoop(Selector selector, List<LoadConnection> connections, int inFlight, double perSecond) {
    this.selector = selector;
    this.connections = connections;
    this.inFlight = inFlight;
    this.perSecond = perSecond;
    this.ready = perSecond > 0 ? this::readyPaced : this::readyWindowed;
  }

  /** Messages acknowledged so far. Any thread. */
  long acknowledged() throws IOException {
    IOException failed = failure;
    if (failed != null) {
      throw failed;
    }
    return acknowledged.get();
  }

  /** Latencies since the last call, in microseconds; paced load only. Any thread. */
  Histogram latency() {
    return latency.getIntervalHistogram();
  }

  /** Ends the loop soon. Any thread. */
  void end() {
    over = true;
  }

  @Override
  public void run() {
    try (selector) {
      if (perSecond > 0) {
        pace();
      } else {
        saturate();
      }
      for (LoadConnection each : connections) {
        each.close();
      }
    } catch (IOException e) {
      failure = e;
    } catch (UncheckedIOException e) {
      failure = e.getCause();
    }
  }

  /** As much as the windows allow: the next message goes when one is acknowledged. */
  private void saturate() throws IOException {
    for (LoadConnection each : connections) {
      each.owe(inFlight);
      each.flush(out);
    }
    while (!over) {
      selector.select(ready, SELECT_MILLIS);
      acknowledged.lazySet(acknowledgedHere);
    }
  }

  private void readyWindowed(SelectionKey key) {
    LoadConnection connection = (LoadConnection) key.attachment();
    try {
      if (key.isReadable()) {
        int count = connection.read(in);
        acknowledgedHere += count;
        connection.owe(count);
      }
      connection.flush(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** At a steady rate, one connection after the other, whether or not answers come. */
  private void pace() throws IOException {
    double intervalNanos = 1e9 / perSecond;
    long beganNanos = System.nanoTime();
    long message = 0;
    while (!over) {
      nowNanos = System.nanoTime();
      long due = (long) ((nowNanos - beganNanos) / intervalNanos);
      while (message < due) {
        LoadConnection connection = connections.get((int) (message % connections.size()));
        connection.times().add(beganNanos + (long) (message * intervalNanos));
        connection.owe(1);
        connection.flush(out);
        message++;
      }
      int events = selector.selectNow(ready);
      acknowledged.lazySet(acknowledgedHere);
      if (events == 0) {
        LockSupport.parkNanos(PACE_NANOS);
      }
    }
  }

  private void readyPaced(SelectionKey key) {
    LoadConnection connection = (LoadConnection) key.attachment();
    try {
      if (key.isReadable()) {
        int count = connection.read(in);
        acknowledgedHere += count;
        long now = System.nanoTime();
        for (int i = 0; i < count; i++) {
          latency.recordValue(Math.clamp((now - connection.times().remove()) / 1_000, 1, LONGEST_MICROS));
        }
      }
      if (key.isWritable()) {
        connection.flush(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
