package dev.earshot.simulator.device;

import dev.earshot.agent.port.Fetcher.Problem;
import dev.earshot.agent.port.Fetcher.Sink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A thin line: what arrives of a download waits here and is let through at so many bytes in a
 * second of fleet time, a few seconds' worth at a time. Used on the device's loop.
 */
final class Throttle implements Sink {
  private static final double SECONDS_AT_A_TIME = 4;
  private static final long MILLIS_PER_SECOND = 1000;

  private final Sink sink;
  private final DeviceLoop loop;
  private final double bytesPerSecond;
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private Runnable end = () -> {};
  private boolean ends;
  private boolean running;
  private boolean cancelled;
  private int offset;

  Throttle(Sink sink, DeviceLoop loop, double bytesPerSecond) {
    this.sink = sink;
    this.loop = loop;
    this.bytesPerSecond = bytesPerSecond;
  }

  void cancel() {
    cancelled = true;
    waiting.clear();
  }

  @Override
  public void chunk(byte[] bytes) {
    if (!cancelled && bytes.length > 0) {
      waiting.add(bytes);
      goOn();
    }
  }

  @Override
  public void done() {
    end(sink::done);
  }

  @Override
  public void failed(Problem problem, String text) {
    end(() -> sink.failed(problem, text));
  }

  private void end(Runnable how) {
    end = how;
    ends = true;
    goOn();
  }

  private void goOn() {
    if (cancelled || running) {
      return;
    }
    byte[] first = waiting.peek();
    if (first == null) {
      if (ends) {
        cancelled = true;
        end.run();
      }
      return;
    }
    running = true;
    int size =
        (int) Math.clamp((long) (bytesPerSecond * SECONDS_AT_A_TIME), 1, first.length - offset);
    long millis = (long) Math.ceil(size * MILLIS_PER_SECOND / bytesPerSecond);
    var _ = loop.afterFleet(Duration.ofMillis(millis), () -> letThrough(size));
  }

  private void letThrough(int size) {
    running = false;
    byte[] first = waiting.peek();
    if (cancelled || first == null) {
      return;
    }
    byte[] part = size == first.length ? first : Arrays.copyOfRange(first, offset, offset + size);
    offset += size;
    if (offset == first.length) {
      offset = 0;
      waiting.remove();
    }
    sink.chunk(part);
    goOn();
  }
}
