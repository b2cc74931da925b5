package dev.earshot.simulator.device;

import dev.earshot.simulator.scenario.Fault;
import dev.earshot.simulator.scenario.Fault.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What may go wrong for the devices of one group, and when. Immutable, shared by all of them. */
final class GroupFaults {
  /** No event any more. */
  static final long NEVER = -1;

  private static final double MILLIS_PER_DAY = 86_400_000;

  private final Map<Kind, List<Scoped>> faults = new EnumMap<>(Kind.class);

  /**
   * One fault with its times as Unix milliseconds of fleet time.
   *
   * @param number among those of its kind in the whole plan: tells apart who is hit by which
   */
  record Scoped(Fault fault, int number, long fromMillis, long untilMillis) {
    boolean isActive(long nowMillis) {
      return nowMillis >= fromMillis && nowMillis < untilMillis;
    }
  }

  GroupFaults(List<Fault> all, long startMillis, String group) {
    Map<Kind, Integer> numbers = new EnumMap<>(Kind.class);
    for (Fault fault : all) {
      int number = numbers.merge(fault.kind(), 1, Integer::sum);
      if (fault.groups().isEmpty() || fault.groups().contains(group)) {
        faults
            .computeIfAbsent(fault.kind(), kind -> new ArrayList<>())
            .add(
                new Scoped(
                    fault,
                    number,
                    startMillis + fault.from().toMillis(),
                    startMillis + fault.until().toMillis()));
      }
    }
  }

  boolean has(Kind kind) {
    return faults.containsKey(kind);
  }

  List<Scoped> of(Kind kind) {
    return faults.getOrDefault(kind, List.of());
  }

  /** That at least one of the faults of that kind strikes now; they are independent. */
  double probability(Kind kind, long nowMillis) {
    double spared = 1;
    for (Scoped scoped : of(kind)) {
      if (scoped.isActive(nowMillis)) {
        spared *= 1 - scoped.fault().rate();
      }
    }
    return 1 - spared;
  }

  /**
   * When something that happens at a rate happens next: milliseconds from now, or {@link #NEVER}.
   *
   * @param hazard drawn, exponential with mean 1: it happens when the rate's integral reaches it
   */
  long untilNext(Kind kind, long nowMillis, double hazard) {
    double left = hazard;
    long at = nowMillis;
    while (true) {
      double perMilli = 0;
      long change = Long.MAX_VALUE;
      for (Scoped scoped : of(kind)) {
        if (scoped.isActive(at)) {
          perMilli += scoped.fault().rate() / MILLIS_PER_DAY;
          change = Math.min(change, scoped.untilMillis());
        } else if (scoped.fromMillis() > at) {
          change = Math.min(change, scoped.fromMillis());
        }
      }
      if (perMilli > 0 && left <= perMilli * (change - at)) {
        return at - nowMillis + 1 + (long) (left / perMilli);
      }
      if (change == Long.MAX_VALUE) {
        return NEVER;
      }
      left -= perMilli * (change - at);
      at = change;
    }
  }
}
