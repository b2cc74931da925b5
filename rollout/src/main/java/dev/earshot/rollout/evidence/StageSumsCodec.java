package dev.earshot.rollout.evidence;

import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.ArmCounts;
import dev.earshot.protocol.v1.ArmTotals;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.FirstEventSums;
import dev.earshot.protocol.v1.MeanSums;
import dev.earshot.protocol.v1.PowerSumsMessage;
import dev.earshot.protocol.v1.StageSums;
import dev.earshot.protocol.v1.TestSums;
import dev.earshot.rollout.gate.FirstEventGate;
import dev.earshot.rollout.gate.PowerArms;
import dev.earshot.rollout.gate.PowerSums;
import dev.earshot.rollout.gate.TwoArms;
import dev.earshot.rollout.plan.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All sums of a stage as messages carry them: written, read, and added over partitions. */
public final class StageSumsCodec {
  private StageSumsCodec() {}

  /** First events of one metric over some stages, with how many devices of each arm had one. */
  public record Firsts(
      FirstEventGate.Sums sums,
      long treatedEvents,
      long controlEvents,
      long treatedDevices,
      long controlDevices) {
    Firsts plus(Firsts other) {
      return new Firsts(
          sums.plus(other.sums),
          treatedEvents + other.treatedEvents,
          controlEvents + other.controlEvents,
          treatedDevices + other.treatedDevices,
          controlDevices + other.controlDevices);
    }
  }

  /** One stage's sums of several partitions as one; leaves {@code updates} to the caller. */
  public static StageSums add(Plan plan, int stage, Collection<StageSums> parts) {
    StageSums.Builder sum = StageSums.newBuilder().setStage(stage);
    List<TestSums> counts = new ArrayList<>();
    parts.forEach(part -> counts.addAll(part.getCountsList()));
    for (Question question : Question.during(plan, stage)) {
      Map<String, TwoArms> arms = SumsCodec.read(question, counts);
      for (Environment environment : Labels.environments()) {
        sum.addCounts(
            SumsCodec.write(
                question, environment, arms.getOrDefault(Labels.of(environment), TwoArms.NONE)));
      }
    }
    for (MeanMetric metric : MeanMetric.values()) {
      means(metric, parts).forEach((home, arms) -> sum.addMeans(write(metric, home, arms)));
    }
    for (EventMetric metric : EventMetric.values()) {
      sum.addFirsts(write(metric, firsts(metric, parts)));
    }
    for (StageSums part : parts) {
      sum.setBalance(add(sum.getBalance(), part.getBalance()))
          .setTreated(add(sum.getTreated(), part.getTreated()))
          .setControl(add(sum.getControl(), part.getControl()));
    }
    return sum.build();
  }

  /** The sums of one metric by home, added over {@code parts}. */
  public static Map<Environment, PowerArms> means(MeanMetric metric, Collection<StageSums> parts) {
    Map<Environment, PowerArms> arms = new TreeMap<>();
    for (StageSums part : parts) {
      for (MeanSums sums : part.getMeansList()) {
        if (sums.getMetric() == metric.wire()) {
          arms.merge(
              sums.getHome(),
              new PowerArms(read(sums.getTreated()), read(sums.getControl())),
              PowerArms::plus);
        }
      }
    }
    return arms;
  }

  /** The first events of one metric, added over {@code parts}. */
  public static Firsts firsts(EventMetric metric, Collection<StageSums> parts) {
    Firsts total = new Firsts(metric.gate().none(), 0, 0, 0, 0);
    for (StageSums part : parts) {
      for (FirstEventSums sums : part.getFirstsList()) {
        if (sums.getMetric() == metric.wire()) {
          total = total.plus(read(sums));
        }
      }
    }
    return total;
  }

  /** Writes the sums of one metric and home. */
  public static MeanSums write(MeanMetric metric, Environment home, PowerArms arms) {
    return MeanSums.newBuilder()
        .setMetric(metric.wire())
        .setHome(home)
        .setTreated(write(arms.treated()))
        .setControl(write(arms.control()))
        .build();
  }

  /** Writes the first events of one metric. */
  public static FirstEventSums write(EventMetric metric, Firsts firsts) {
    return FirstEventSums.newBuilder()
        .setMetric(metric.wire())
        .addAllLogRatios(firsts.sums().logRatios())
        .setTreatedEvents(firsts.treatedEvents())
        .setControlEvents(firsts.controlEvents())
        .setTreatedDevices(firsts.treatedDevices())
        .setControlDevices(firsts.controlDevices())
        .build();
  }

  private static Firsts read(FirstEventSums sums) {
    return new Firsts(
        new FirstEventGate.Sums(
            sums.getLogRatiosList(), sums.getTreatedEvents() + sums.getControlEvents()),
        sums.getTreatedEvents(),
        sums.getControlEvents(),
        sums.getTreatedDevices(),
        sums.getControlDevices());
  }

  private static PowerSumsMessage write(PowerSums sums) {
    return PowerSumsMessage.newBuilder()
        .setDevices(sums.devices())
        .setX(sums.sumX())
        .setY(sums.sumY())
        .setXx(sums.sumXx())
        .setXy(sums.sumXy())
        .setYy(sums.sumYy())
        .build();
  }

  private static PowerSums read(PowerSumsMessage sums) {
    return new PowerSums(
        sums.getDevices(), sums.getX(), sums.getY(), sums.getXx(), sums.getXy(), sums.getYy());
  }

  private static ArmCounts add(ArmCounts a, ArmCounts b) {
    return ArmCounts.newBuilder()
        .setTreated(a.getTreated() + b.getTreated())
        .setControl(a.getControl() + b.getControl())
        .build();
  }

  private static ArmTotals add(ArmTotals a, ArmTotals b) {
    return ArmTotals.newBuilder()
        .setDevices(a.getDevices() + b.getDevices())
        .setListeningHours(a.getListeningHours() + b.getListeningHours())
        .setCrashfreeHours(a.getCrashfreeHours() + b.getCrashfreeHours())
        .setReboots(a.getReboots() + b.getReboots())
        .setWakes(a.getWakes() + b.getWakes())
        .build();
  }
}
