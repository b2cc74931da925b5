package dev.earshot.simulator.device;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Vert.x event loop, with fleet time running at some speed against the machine's clock. Timers
 * are the loop's own: a device has several at any time, and Vert.x's keep a context and an entry in
 * a table of all timers for each.
 */
public final class VertxLoop implements DeviceLoop {
  private static final Logger log = LoggerFactory.getLogger(VertxLoop.class);

  private final EventLoop loop;
  private final double speed;
  private final long originNanos = System.nanoTime();

  /**
   * @param context the event-loop context that all devices of this loop run on
   * @param speed fleet seconds in a machine second
   */
  public VertxLoop(Context context, double speed) {
    this.loop = ((ContextInternal) context).nettyEventLoop();
    this.speed = speed;
  }

  @Override
  public long monotonicMillis() {
    return (long) ((System.nanoTime() - originNanos) * speed / 1_000_000);
  }

  @Override
  public Timer afterFleet(Duration delay, Runnable task) {
    return after((long) Math.ceil(delay.toMillis() / speed), task);
  }

  @Override
  public Timer afterMachine(Duration delay, Runnable task) {
    return after(delay.toMillis(), task);
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(() -> guarded(task));
  }

  private Timer after(long machineMillis, Runnable task) {
    try {
      Future<?> timer =
          loop.schedule(() -> guarded(task), Math.max(1, machineMillis), TimeUnit.MILLISECONDS);
      return () -> timer.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {}; // the loop has ended: nothing rings any more
    }
  }

  /** The loop would keep a timer's exception to itself. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("on a device's loop", e);
    }
  }
}
