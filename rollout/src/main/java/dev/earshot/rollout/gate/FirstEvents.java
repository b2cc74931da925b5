package dev.earshot.rollout.gate;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers devices, in any order, for a {@link FirstEventGate}: who was observed from when to when,
 * in which stratum and batch, and when its first event was. The result depends on the devices only.
 *
 * <p>Events are played in the order in which they happened, each against the devices of its stratum
 * and batch that were under observation at that moment and had had none. What matters is when
 * something happened and who was watched then, not when it was learnt: a device that just swapped
 * its model reports sooner than one that did not, and that is no evidence of anything. (Delayed
 * entry and right censoring of the log-rank test; Andersen, Borgan, Gill and Keiding, "Statistical
 * Models Based on Counting Processes", 1993.) Not thread-safe.
 */
public final class FirstEvents {
  private static final int ENTERS = 0;
  private static final int HAS_EVENT = 1;
  private static final int LEAVES = 2;
  private static final int TIE_BITS = 18;
  private static final int KIND_SHIFT = 1 + TIE_BITS;
  private static final int TIME_SHIFT = KIND_SHIFT + 2;

  /** In the year 2109. */
  private static final long LATEST_MS = (1L << (63 - TIME_SHIFT)) - 1;

  /** Devices that are compared with one another. */
  private record Group(int stratum, long batch) implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      int strata = Integer.compare(stratum, other.stratum);
      return strata != 0 ? strata : Long.compare(batch, other.batch);
    }
  }

  /**
   * What happened to a group's devices, as numbers that sort in order of time: milliseconds above,
   * then entering before events before leaving, then a tie breaker, then the arm.
   */
  private static final class Moments {
    long[] values = new long[8];
    int count;

    void add(long ms, int kind, long tie, boolean treated) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] =
          (Math.clamp(ms, 0, LATEST_MS) << TIME_SHIFT)
              | ((long) kind << KIND_SHIFT)
              | (tie << 1)
              | (treated ? 1 : 0);
    }

    long[] sorted() {
      long[] sorted = Arrays.copyOf(values, count);
      Arrays.sort(sorted);
      return sorted;
    }
  }

  private final Map<Group, Moments> groups = new TreeMap<>();

  /**
   * Adds a device.
   *
   * @param stratum devices of different strata are never compared
   * @param batch devices whose clocks started together
   * @param fromMs since when it was watched, Unix ms
   * @param untilMs up to when everything about it is known, at least {@code fromMs}
   * @param eventMs its first event, between the two; 0 or less: it had none
   * @param tieBreak any number that is drawn without regard to the arm, such as a hash of its id
   */
  public void add(
      int stratum,
      long batch,
      boolean treated,
      long fromMs,
      long untilMs,
      long eventMs,
      long tieBreak) {
    Moments moments = groups.computeIfAbsent(new Group(stratum, batch), key -> new Moments());
    long tie = tieBreak & ((1L << TIE_BITS) - 1);
    moments.add(fromMs, ENTERS, tie, treated);
    boolean had = eventMs > 0;
    moments.add(had ? eventMs : untilMs, had ? HAS_EVENT : LEAVES, tie, treated);
  }

  /** The gate's state after all events. */
  public FirstEventGate.Sums sums(FirstEventGate gate) {
    FirstEventGate.Sums total = gate.none();
    for (Moments moments : groups.values()) {
      total = total.plus(play(gate, moments.sorted()));
    }
    return total;
  }

  private static FirstEventGate.Sums play(FirstEventGate gate, long[] moments) {
    FirstEventGate.Sums sums = gate.none();
    RiskSet atRisk = RiskSet.EMPTY;
    for (long moment : moments) {
      boolean treated = (moment & 1) == 1;
      int kind = (int) (moment >> KIND_SHIFT) & 3;
      if (kind == ENTERS) {
        atRisk = atRisk.enter(treated);
        continue;
      }
      if (kind == HAS_EVENT) {
        sums = gate.event(sums, atRisk, treated);
      }
      atRisk = atRisk.leave(treated);
    }
    return sums;
  }
}
