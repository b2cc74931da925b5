package dev.earshot.monitoring.health;

import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.ArrayList;
import java.util.List;

/** Adding up {@link HealthTotals}. Addition is exact: whole numbers but for battery percent. */
public final class Totals {
  private Totals() {}

  private static final int SCORE_BUCKETS = 32;
  private static final int LATENCY_BUCKETS = 20;

  /** The sums of one interval. */
  public static HealthTotals of(Heartbeat beat, EventTime ended) {
    return HealthTotals.newBuilder()
        .setHeartbeats(1)
        .setLateHeartbeats(ended.late() ? 1 : 0)
        .setFirstMs(ended.millis())
        .setLastMs(ended.millis())
        .setListeningMs(unsigned(beat.getListeningMs()))
        .setWakes(unsigned(beat.getWakes()))
        .setFalseAccepts(unsigned(beat.getFalseAccepts()))
        .setSuspectedFalseRejects(unsigned(beat.getSuspectedFalseRejects()))
        .setInferences(beat.getInferences())
        .setNdpEnergyUj(beat.getNdpEnergyUj())
        .setBatterySocPctDrop(beat.getBatterySocPctDrop())
        .setBatteryDischargeMs(unsigned(beat.getBatteryDischargeDurationMs()))
        .setOperationalMs(unsigned(beat.getIntervalMs()))
        .setOperationalCrashfreeMs(unsigned(beat.getOperationalCrashfreeMs()))
        .setUnexpectedReboots(unsigned(beat.getUnexpectedReboots()))
        .setDroppedHeartbeats(unsigned(beat.getDroppedHeartbeats()))
        .setConnectivityConnectedMs(unsigned(beat.getConnectivityConnectedMs()))
        .setConnectivityExpectedMs(unsigned(beat.getConnectivityExpectedMs()))
        .addAllScoreHistogram(widened(beat.getScoreHistogramList(), SCORE_BUCKETS))
        .addAllInferenceUsHistogram(widened(beat.getInferenceUsHistogramList(), LATENCY_BUCKETS))
        .addAllConfirmedWakeScores(widened(beat.getConfirmedWakeScoresList(), SCORE_BUCKETS))
        .addAllFalseAcceptScores(widened(beat.getFalseAcceptScoresList(), SCORE_BUCKETS))
        .addAllSuspectedFalseRejectScores(
            widened(beat.getSuspectedFalseRejectScoresList(), SCORE_BUCKETS))
        .addAllNearMissScores(widened(beat.getNearMissScoresList(), SCORE_BUCKETS))
        .build();
  }

  /** The sums of two disjoint sets of intervals. */
  public static HealthTotals plus(HealthTotals a, HealthTotals b) {
    HealthTotals.Builder sum =
        HealthTotals.newBuilder()
            .setHeartbeats(a.getHeartbeats() + b.getHeartbeats())
            .setLateHeartbeats(a.getLateHeartbeats() + b.getLateHeartbeats())
            .setFirstMs(earlier(a.getFirstMs(), b.getFirstMs()))
            .setLastMs(Math.max(a.getLastMs(), b.getLastMs()))
            .setListeningMs(a.getListeningMs() + b.getListeningMs())
            .setWakes(a.getWakes() + b.getWakes())
            .setFalseAccepts(a.getFalseAccepts() + b.getFalseAccepts())
            .setSuspectedFalseRejects(a.getSuspectedFalseRejects() + b.getSuspectedFalseRejects())
            .setInferences(a.getInferences() + b.getInferences())
            .setNdpEnergyUj(a.getNdpEnergyUj() + b.getNdpEnergyUj())
            .setBatterySocPctDrop(a.getBatterySocPctDrop() + b.getBatterySocPctDrop())
            .setBatteryDischargeMs(a.getBatteryDischargeMs() + b.getBatteryDischargeMs())
            .setOperationalMs(a.getOperationalMs() + b.getOperationalMs())
            .setOperationalCrashfreeMs(
                a.getOperationalCrashfreeMs() + b.getOperationalCrashfreeMs())
            .setUnexpectedReboots(a.getUnexpectedReboots() + b.getUnexpectedReboots())
            .setDroppedHeartbeats(a.getDroppedHeartbeats() + b.getDroppedHeartbeats())
            .setConnectivityConnectedMs(
                a.getConnectivityConnectedMs() + b.getConnectivityConnectedMs())
            .setConnectivityExpectedMs(
                a.getConnectivityExpectedMs() + b.getConnectivityExpectedMs());
    addHistograms(sum, a, b);
    return sum.build();
  }

  /** Number by number: as lists, every bucket of every heartbeat would be an object. */
  private static void addHistograms(HealthTotals.Builder sum, HealthTotals a, HealthTotals b) {
    for (int i = 0; i < Math.max(a.getScoreHistogramCount(), b.getScoreHistogramCount()); i++) {
      sum.addScoreHistogram(
          (i < a.getScoreHistogramCount() ? a.getScoreHistogram(i) : 0)
              + (i < b.getScoreHistogramCount() ? b.getScoreHistogram(i) : 0));
    }
    for (int i = 0;
        i < Math.max(a.getInferenceUsHistogramCount(), b.getInferenceUsHistogramCount());
        i++) {
      sum.addInferenceUsHistogram(
          (i < a.getInferenceUsHistogramCount() ? a.getInferenceUsHistogram(i) : 0)
              + (i < b.getInferenceUsHistogramCount() ? b.getInferenceUsHistogram(i) : 0));
    }
    // These are empty in most intervals.
    sum.addAllConfirmedWakeScores(
            added(a.getConfirmedWakeScoresList(), b.getConfirmedWakeScoresList()))
        .addAllFalseAcceptScores(added(a.getFalseAcceptScoresList(), b.getFalseAcceptScoresList()))
        .addAllSuspectedFalseRejectScores(
            added(a.getSuspectedFalseRejectScoresList(), b.getSuspectedFalseRejectScoresList()))
        .addAllNearMissScores(added(a.getNearMissScoresList(), b.getNearMissScoresList()));
  }

  /** Adds a histogram into an array that is at least as long. */
  public static void addInto(long[] buckets, List<Long> histogram) {
    for (int i = 0; i < histogram.size(); i++) {
      buckets[i] += histogram.get(i);
    }
  }

  private static long earlier(long a, long b) {
    return a == 0 ? b : b == 0 ? a : Math.min(a, b);
  }

  private static List<Long> added(List<Long> a, List<Long> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    List<Long> sum = new ArrayList<>(Math.max(a.size(), b.size()));
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      sum.add((i < a.size() ? a.get(i) : 0L) + (i < b.size() ? b.get(i) : 0L));
    }
    return sum;
  }

  /** A histogram that says more than it may is cut: what is beyond goes into its last bucket. */
  private static List<Long> widened(List<Integer> counts, int longest) {
    if (counts.isEmpty()) {
      return List.of();
    }
    List<Long> wide = new ArrayList<>(Math.min(counts.size(), longest));
    for (int i = 0; i < counts.size(); i++) {
      long count = unsigned(counts.get(i));
      if (i < longest) {
        wide.add(count);
      } else {
        wide.set(longest - 1, wide.get(longest - 1) + count);
      }
    }
    return wide;
  }

  private static long unsigned(int value) {
    return Integer.toUnsignedLong(value);
  }
}
