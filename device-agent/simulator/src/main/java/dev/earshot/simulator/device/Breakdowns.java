package dev.earshot.simulator.device;

import dev.earshot.agent.port.Timers;
import dev.earshot.simulator.world.Impairment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What happens to one boot without anybody's doing. Used on the device's loop. */
final class Breakdowns {
  private final Timers timers;
  private final FaultDice dice;
  private final Happening happening;
  private Timers.@Nullable Timer untilCrash;
  private double crashesPerDay;

  /** What can happen. */
  interface Happening {
    void powerFails();

    void crashes();

    void connectionBreaks();
  }

  /**
   * @param timers of the boot: they end with it
   */
  Breakdowns(Timers timers, FaultDice dice, Happening happening) {
    this.timers = timers;
    this.dice = dice;
    this.happening = happening;
  }

  void begin() {
    Duration untilPowerLoss = dice.untilPowerLoss();
    if (!untilPowerLoss.isNegative()) {
      var _ = timers.afterFleet(untilPowerLoss, happening::powerFails);
    }
    for (Duration untilStorm : dice.untilStorms()) {
      var _ = timers.afterFleet(untilStorm, happening::connectionBreaks);
    }
  }

  /** That is what is wrong with the model that listens now. */
  void modelIs(Impairment impairment) {
    if (impairment.crashesPerDay() == crashesPerDay) {
      return; // the next crash is drawn already, and forgets nothing
    }
    crashesPerDay = impairment.crashesPerDay();
    Timers.Timer before = untilCrash;
    if (before != null) {
      before.cancel();
      untilCrash = null;
    }
    Duration next = dice.untilCrash(crashesPerDay);
    if (!next.isNegative()) {
      untilCrash = timers.afterFleet(next, happening::crashes);
    }
  }
}
