package dev.earshot.simulator.device;

import dev.earshot.agent.port.Timers;
import java.time.Duration;

/** Time as one boot sees it: nothing rings without power, and fleet time can be frozen for good. */
final class PoweredTimers implements Timers {
  private final Timers timers;
  private final Power power;
  private boolean frozen;

  PoweredTimers(Timers timers, Power power) {
    this.timers = timers;
    this.power = power;
  }

  /** From now on no fleet timer rings: no interval ends by itself, no trial is over. */
  void freezeFleetTime() {
    frozen = true;
  }

  @Override
  public long monotonicMillis() {
    return timers.monotonicMillis();
  }

  @Override
  public Timer afterFleet(Duration delay, Runnable task) {
    power.require();
    return timers.afterFleet(
        delay,
        () -> {
          if (!frozen) {
            power.run(task);
          }
        });
  }

  @Override
  public Timer afterMachine(Duration delay, Runnable task) {
    power.require();
    return timers.afterMachine(delay, () -> power.run(task));
  }
}
