package dev.earshot.rollout.assignment;

import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.FirstEventSums;
import dev.earshot.rollout.cohort.Position;
import dev.earshot.rollout.evidence.EventMetric;
import dev.earshot.rollout.evidence.StageSumsCodec;
import dev.earshot.rollout.evidence.StageSumsCodec.Firsts;
import dev.earshot.rollout.gate.FirstEvents;
import java.util.ArrayList;
import java.util.List;

/**
 * First events of the running stage over the devices of one partition. Devices whose clocks started
 * in the same hour of the fleet's time are one batch; a device counts from its first heartbeat in
 * the stage on.
 */
final class FirstEventTally {
  private static final long BATCH_MILLIS = 3_600_000;

  private final long judgedAtMs;
  private final List<Of> metrics = new ArrayList<>();

  private static final class Of {
    final EventMetric metric;
    final FirstEvents events = new FirstEvents();
    long treatedEvents;
    long controlEvents;
    long treatedDevices;
    long controlDevices;

    Of(EventMetric metric) {
      this.metric = metric;
    }

    void add(Enrolment enrolment, Enrolment.Block running, long tieBreak, long judgedAtMs) {
      long from = metric.observedFromMs(running);
      if (from == 0) {
        return;
      }
      boolean treated = running.getTreated();
      long event = metric.eventMs(running);
      int had = event > 0 ? 1 : 0;
      if (treated) {
        treatedDevices++;
        treatedEvents += had;
      } else {
        controlDevices++;
        controlEvents += had;
      }
      long batch = Math.floorDiv(running.getEnteredAtMs(), BATCH_MILLIS);
      long until = metric.observedUntilMs(running, judgedAtMs);
      events.add(enrolment.getHomeValue(), batch, treated, from, until, event, tieBreak);
    }

    FirstEventSums sums() {
      return StageSumsCodec.write(
          metric,
          new Firsts(
              events.sums(metric.gate()),
              treatedEvents,
              controlEvents,
              treatedDevices,
              controlDevices));
    }
  }

  /**
   * An empty tally.
   *
   * @param judgedAtMs up to when silence is judged
   */
  FirstEventTally(long judgedAtMs) {
    this.judgedAtMs = judgedAtMs;
    for (EventMetric metric : EventMetric.values()) {
      metrics.add(new Of(metric));
    }
  }

  void add(Enrolment enrolment, Enrolment.Block running, Position position) {
    // The pace is drawn beside the share that decides the arm, and says nothing about it.
    long tieBreak = Double.doubleToLongBits(position.pace());
    metrics.forEach(of -> of.add(enrolment, running, tieBreak, judgedAtMs));
  }

  List<FirstEventSums> sums() {
    return metrics.stream().map(Of::sums).toList();
  }
}
