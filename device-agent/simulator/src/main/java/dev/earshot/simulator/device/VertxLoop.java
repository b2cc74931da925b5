package dev.earshot.simulator.device;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;

/** A Vert.x event loop, with fleet time running at some speed against the machine's clock. */
public final class VertxLoop implements DeviceLoop {
  private final Vertx vertx;
  private final Context context;
  private final double speed;
  private final long originNanos = System.nanoTime();

  /**
   * @param context the event-loop context that all devices of this loop run on
   * @param speed fleet seconds in a machine second
   */
  public VertxLoop(Vertx vertx, Context context, double speed) {
    this.vertx = vertx;
    this.context = context;
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
    context.runOnContext(ignored -> task.run());
  }

  private Timer after(long machineMillis, Runnable task) {
    long id = vertx.setTimer(Math.max(1, machineMillis), ignored -> task.run());
    return () -> vertx.cancelTimer(id);
  }
}
