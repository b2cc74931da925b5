package dev.earshot.cli.simulate;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.ArmSumsMessage;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutMetric;
import dev.earshot.protocol.v1.StageSums;
import dev.earshot.protocol.v1.TestSums;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The evidence of a decision, computed again from nothing but the heartbeats and the moments at
 * which devices' clocks started. An interval belongs to the running stage when it began after the
 * device's clock had started in it. A decision rests on what had arrived at one of the looks just
 * before it: a walk adds up at one, the gates judge at the same or the next ones. Used by one
 * thread.
 */
final class Recount {
  private static final int LOOKS = 8;
  private static final double MILLIS_PER_HOUR = 3_600_000;

  private final Map<DeviceId, List<Interval>> heard = new HashMap<>();
  private final Deque<Long> looks = new ArrayDeque<>();
  private final Map<String, Map<Cell, Sum>> recounted = new HashMap<>();

  private record Interval(
      long fromMillis,
      long receivedMillis,
      Environment environment,
      long listeningMillis,
      int falseAccepts,
      int suspectedFalseRejects,
      int wakes) {}

  private record Cell(boolean treated, RolloutMetric metric, Environment environment) {}

  /** Events, and exposure in milliseconds or attempts: whole numbers. */
  private record Sum(long count, long exposure) {
    static final Sum NONE = new Sum(0, 0);

    Sum plus(long moreCount, long moreExposure) {
      return new Sum(count + moreCount, exposure + moreExposure);
    }
  }

  void heard(DeviceId id, Heartbeat beat, long receivedMillis) {
    heard
        .computeIfAbsent(id, key -> new ArrayList<>())
        .add(
            new Interval(
                receivedMillis - Integer.toUnsignedLong(beat.getIntervalMs()),
                receivedMillis,
                beat.getEnvironment(),
                Integer.toUnsignedLong(beat.getListeningMs()),
                beat.getFalseAccepts(),
                beat.getSuspectedFalseRejects(),
                beat.getWakes()));
  }

  void looked(long atMillis) {
    looks.addFirst(atMillis);
    if (looks.size() > LOOKS) {
      looks.removeLast();
    }
  }

  /** What of that decision's evidence is not what arrived, in words. */
  List<String> compare(RolloutEvent event, RolloutEngine rollouts) {
    if (event.getStagesCount() == 0) {
      return List.of();
    }
    StageSums running = event.getStages(event.getStagesCount() - 1);
    Map<Cell, Sum> told = told(running);
    // From the moment that a rollback begins nothing is added up any more: its end shows the same.
    boolean again = told.equals(recounted.put(event.getRollout() + running.getStage(), told));
    if (told.isEmpty() || again) {
      return List.of();
    }
    List<String> closest = List.of();
    List<Long> until = new ArrayList<>(looks);
    until.addFirst(event.getAtMs());
    for (long cutoff : until) {
      Map<Cell, Sum> arrived = arrived(event.getRollout(), running.getStage(), cutoff, rollouts);
      List<String> different = different(event, running.getStage(), told, arrived);
      if (different.isEmpty()) {
        return List.of();
      }
      closest = closest.isEmpty() || different.size() < closest.size() ? different : closest;
    }
    return closest;
  }

  private static Map<Cell, Sum> told(StageSums stage) {
    Map<Cell, Sum> told = new HashMap<>();
    for (TestSums sums : stage.getCountsList()) {
      // Each question about a metric holds the same sums of its counts.
      told.put(
          new Cell(true, sums.getMetric(), sums.getEnvironment()),
          sum(sums.getMetric(), sums.getTreated()));
      told.put(
          new Cell(false, sums.getMetric(), sums.getEnvironment()),
          sum(sums.getMetric(), sums.getControl()));
    }
    return told;
  }

  private static Sum sum(RolloutMetric metric, ArmSumsMessage arm) {
    double unit = metric == RolloutMetric.FALSE_REJECTS ? 1 : MILLIS_PER_HOUR;
    return new Sum(Math.round(arm.getCount()), Math.round(arm.getExposure() * unit));
  }

  private Map<Cell, Sum> arrived(String rollout, int stage, long cutoff, RolloutEngine rollouts) {
    Map<Cell, Sum> sums = new HashMap<>();
    rollouts.devices(
        (id, device) -> {
          Enrolment enrolment = device.getEnrolment();
          if (enrolment.getRollout().equals(rollout) && enrolment.getBlocksCount() > 0) {
            Enrolment.Block last = enrolment.getBlocks(enrolment.getBlocksCount() - 1);
            if (last.getStage() == stage) {
              add(sums, last, heard.getOrDefault(DeviceId.parse(id), List.of()), cutoff);
            }
          }
        });
    return sums;
  }

  private static void add(
      Map<Cell, Sum> sums, Enrolment.Block block, List<Interval> intervals, long cutoff) {
    for (Interval one : intervals) {
      if (one.fromMillis() >= block.getEnteredAtMs() && one.receivedMillis() <= cutoff) {
        long right = Math.max(0, one.wakes() - one.falseAccepts());
        boolean treated = block.getTreated();
        Environment environment = one.environment();
        add(
            sums,
            treated,
            RolloutMetric.FALSE_ACCEPTS,
            environment,
            one.falseAccepts(),
            one.listeningMillis());
        add(sums, treated, RolloutMetric.WAKES, environment, right, one.listeningMillis());
        add(
            sums,
            treated,
            RolloutMetric.FALSE_REJECTS,
            environment,
            one.suspectedFalseRejects(),
            right + one.suspectedFalseRejects());
      }
    }
  }

  private static void add(
      Map<Cell, Sum> sums,
      boolean treated,
      RolloutMetric metric,
      Environment environment,
      long count,
      long exposure) {
    sums.merge(
        new Cell(treated, metric, environment),
        Sum.NONE.plus(count, exposure),
        (a, b) -> a.plus(b.count(), b.exposure()));
  }

  private static List<String> different(
      RolloutEvent event, int stage, Map<Cell, Sum> told, Map<Cell, Sum> arrived) {
    List<String> different = new ArrayList<>();
    told.forEach(
        (cell, sum) -> {
          Sum is = arrived.getOrDefault(cell, Sum.NONE);
          // Hours are added up as fractions: a millisecond for what that rounds.
          boolean same = sum.count() == is.count() && Math.abs(sum.exposure() - is.exposure()) <= 1;
          if (!same) {
            different.add(
                String.format(
                    Locale.ROOT,
                    "evidence of %s %s, stage %d, %s in %s, %s: %d events in %d ms"
                        + " (expected: %d in %d, what arrived)",
                    event.getRollout(),
                    event.getKind(),
                    stage,
                    cell.metric().name().toLowerCase(Locale.ROOT),
                    Labels.of(cell.environment()),
                    cell.treated() ? "treated" : "control",
                    sum.count(),
                    sum.exposure(),
                    is.count(),
                    is.exposure()));
          }
        });
    return different;
  }
}
