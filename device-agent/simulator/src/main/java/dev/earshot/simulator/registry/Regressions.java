package dev.earshot.simulator.registry;

import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.scenario.Regression;
import dev.earshot.simulator.world.Impairment;
import java.util.List;

/** What was planted into releases. */
final class Regressions {
  private final List<Regression> planted;

  Regressions(List<Regression> planted) {
    this.planted = List.copyOf(planted);
  }

  /** What is wrong with that release there. */
  Impairment of(ReleaseRef release, Environment environment) {
    Impairment sum = Impairment.NONE;
    for (Regression regression : planted) {
      if (regression.release().equals(release) && regression.isIn(environment)) {
        sum = sum.and(impairment(regression));
      }
    }
    return sum;
  }

  private static Impairment impairment(Regression regression) {
    double factor = regression.factor();
    return switch (regression.metric()) {
      case FALSE_ACCEPTS -> new Impairment(factor, 1, 1, 1, 1, 0, 0);
      case MISSES -> new Impairment(1, factor, 1, 1, 1, 0, 0);
      case NDP_POWER -> new Impairment(1, 1, factor, 1, 1, 0, 0);
      case BATTERY_DRAIN -> new Impairment(1, 1, 1, factor, 1, 0, 0);
      case LATENCY -> new Impairment(1, 1, 1, 1, factor, 0, 0);
      case CRASHES -> new Impairment(1, 1, 1, 1, 1, factor, 0);
      case SILENCE -> new Impairment(1, 1, 1, 1, 1, 0, factor);
    };
  }
}
