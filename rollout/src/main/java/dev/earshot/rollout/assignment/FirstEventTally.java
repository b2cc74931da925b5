package dev.earshot.rollout.assignment;

import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.FirstEventSums;
import dev.earshot.rollout.cohort.Position;
import dev.earshot.rollout.evidence.EventMetric;
import dev.earshot.rollout.evidence.StageSumsCodec;
import dev.earshot.rollout.evidence.StageSumsCodec.Firsts;
import dev.earshot.rollout.gate.FirstEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * First events of the running stage over the devices of one partition. Devices whose clocks started
 * in the same hour of the fleet's time are one batch; it counts when that hour is over, for nobody
 * can enter it any more.
 */
final class FirstEventTally {
  private static final long BATCH_MILLIS = 3_600_000;

  private final long openBatch;
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

    void add(Enrolment enrolment, Enrolment.Block running, long batch, long tieBreak) {
      boolean treated = running.getTreated();
      long learnt = metric.learntMs(running);
      int event = learnt > 0 ? 1 : 0;
      if (treated) {
        treatedDevices++;
        treatedEvents += event;
      } else {
        controlDevices++;
        controlEvents += event;
      }
      events.add(enrolment.getHomeValue(), batch, treated, learnt, tieBreak);
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

  FirstEventTally(Instant now) {
    openBatch = Math.floorDiv(now.toEpochMilli(), BATCH_MILLIS);
    for (EventMetric metric : EventMetric.values()) {
      metrics.add(new Of(metric));
    }
  }

  void add(Enrolment enrolment, Enrolment.Block running, Position position) {
    long batch = Math.floorDiv(running.getEnteredAtMs(), BATCH_MILLIS);
    if (batch >= openBatch) {
      return;
    }
    // The pace is drawn beside the share that decides the arm, and says nothing about it.
    long tieBreak = Double.doubleToLongBits(position.pace());
    metrics.forEach(of -> of.add(enrolment, running, batch, tieBreak));
  }

  List<FirstEventSums> sums() {
    return metrics.stream().map(Of::sums).toList();
  }
}
