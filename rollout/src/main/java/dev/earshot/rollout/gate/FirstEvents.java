package dev.earshot.rollout.gate;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers devices, in any order, for a {@link FirstEventGate}: who entered, in which stratum and
 * batch, and when its first event was learnt. The result depends on the devices only. Events are
 * played in the order in which they were learnt, each against the devices of its stratum and batch
 * that had none by then; who learnt at the same millisecond is ordered by a number that has nothing
 * to do with the arm. Not thread-safe.
 */
public final class FirstEvents {
  private static final int TIE_BITS = 20;

  /** Devices that are compared with one another. */
  private record Group(int stratum, long batch) implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      int strata = Integer.compare(stratum, other.stratum);
      return strata != 0 ? strata : Long.compare(batch, other.batch);
    }
  }

  /** Learnt times above, tie breakers between, the arm in the lowest bit. */
  private static final class Entered {
    long treated;
    long control;
    long[] events = new long[4];
    int count;

    void add(long event) {
      if (count == events.length) {
        events = Arrays.copyOf(events, 2 * count);
      }
      events[count++] = event;
    }
  }

  private final Map<Group, Entered> groups = new TreeMap<>();

  /**
   * Adds a device.
   *
   * @param stratum devices of different strata are never compared
   * @param batch devices whose clocks started together; nobody may enter it any more
   * @param learntMs when its first event was learnt, Unix ms; 0 or less: it had none
   * @param tieBreak any number that is drawn without regard to the arm, such as a hash of its id
   */
  public void add(int stratum, long batch, boolean treated, long learntMs, long tieBreak) {
    Entered group = groups.computeIfAbsent(new Group(stratum, batch), key -> new Entered());
    if (treated) {
      group.treated++;
    } else {
      group.control++;
    }
    if (learntMs > 0) {
      long tie = tieBreak & ((1L << TIE_BITS) - 1);
      group.add((((learntMs << TIE_BITS) | tie) << 1) | (treated ? 1 : 0));
    }
  }

  /** The gate's state after all events. */
  public FirstEventGate.Sums sums(FirstEventGate gate) {
    FirstEventGate.Sums total = gate.none();
    for (Entered group : groups.values()) {
      total = total.plus(play(gate, group));
    }
    return total;
  }

  private static FirstEventGate.Sums play(FirstEventGate gate, Entered group) {
    FirstEventGate.Sums sums = gate.none();
    if (group.treated == 0 || group.control == 0) {
      return new FirstEventGate.Sums(sums.logRatios(), group.count);
    }
    long[] events = Arrays.copyOf(group.events, group.count);
    Arrays.sort(events);
    RiskSet atRisk = new RiskSet(group.treated, group.control);
    for (long event : events) {
      boolean treated = (event & 1) == 1;
      sums = gate.event(sums, atRisk, treated);
      atRisk = atRisk.leave(treated);
    }
    return sums;
  }
}
