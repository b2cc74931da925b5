package dev.earshot.monitoring.health;

import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.ArrayList;
import java.util.List;

/** Adding up {@link HealthTotals}. Addition is exact: whole numbers but for battery percent. */
public final class Totals {
  private Totals() {}

  /** The sums with one more interval. */
  public static HealthTotals plus(HealthTotals sums, Heartbeat beat) {
    return sums.toBuilder()
        .setHeartbeats(sums.getHeartbeats() + 1)
        .setListeningMs(sums.getListeningMs() + unsigned(beat.getListeningMs()))
        .setWakes(sums.getWakes() + unsigned(beat.getWakes()))
        .setFalseAccepts(sums.getFalseAccepts() + unsigned(beat.getFalseAccepts()))
        .setSuspectedFalseRejects(
            sums.getSuspectedFalseRejects() + unsigned(beat.getSuspectedFalseRejects()))
        .setInferences(sums.getInferences() + beat.getInferences())
        .setNdpEnergyUj(sums.getNdpEnergyUj() + beat.getNdpEnergyUj())
        .setBatterySocPctDrop(sums.getBatterySocPctDrop() + beat.getBatterySocPctDrop())
        .setBatteryDischargeMs(
            sums.getBatteryDischargeMs() + unsigned(beat.getBatteryDischargeDurationMs()))
        .setOperationalMs(sums.getOperationalMs() + unsigned(beat.getIntervalMs()))
        .setOperationalCrashfreeMs(
            sums.getOperationalCrashfreeMs() + unsigned(beat.getOperationalCrashfreeMs()))
        .setUnexpectedReboots(sums.getUnexpectedReboots() + unsigned(beat.getUnexpectedReboots()))
        .setConnectivityConnectedMs(
            sums.getConnectivityConnectedMs() + unsigned(beat.getConnectivityConnectedMs()))
        .setConnectivityExpectedMs(
            sums.getConnectivityExpectedMs() + unsigned(beat.getConnectivityExpectedMs()))
        .clearScoreHistogram()
        .addAllScoreHistogram(
            added(sums.getScoreHistogramList(), widened(beat.getScoreHistogramList())))
        .clearInferenceUsHistogram()
        .addAllInferenceUsHistogram(
            added(sums.getInferenceUsHistogramList(), widened(beat.getInferenceUsHistogramList())))
        .build();
  }

  /** The sums of two disjoint sets of intervals. */
  public static HealthTotals plus(HealthTotals a, HealthTotals b) {
    return HealthTotals.newBuilder()
        .setHeartbeats(a.getHeartbeats() + b.getHeartbeats())
        .setListeningMs(a.getListeningMs() + b.getListeningMs())
        .setWakes(a.getWakes() + b.getWakes())
        .setFalseAccepts(a.getFalseAccepts() + b.getFalseAccepts())
        .setSuspectedFalseRejects(a.getSuspectedFalseRejects() + b.getSuspectedFalseRejects())
        .setInferences(a.getInferences() + b.getInferences())
        .setNdpEnergyUj(a.getNdpEnergyUj() + b.getNdpEnergyUj())
        .setBatterySocPctDrop(a.getBatterySocPctDrop() + b.getBatterySocPctDrop())
        .setBatteryDischargeMs(a.getBatteryDischargeMs() + b.getBatteryDischargeMs())
        .setOperationalMs(a.getOperationalMs() + b.getOperationalMs())
        .setOperationalCrashfreeMs(a.getOperationalCrashfreeMs() + b.getOperationalCrashfreeMs())
        .setUnexpectedReboots(a.getUnexpectedReboots() + b.getUnexpectedReboots())
        .setConnectivityConnectedMs(a.getConnectivityConnectedMs() + b.getConnectivityConnectedMs())
        .setConnectivityExpectedMs(a.getConnectivityExpectedMs() + b.getConnectivityExpectedMs())
        .addAllScoreHistogram(added(a.getScoreHistogramList(), b.getScoreHistogramList()))
        .addAllInferenceUsHistogram(
            added(a.getInferenceUsHistogramList(), b.getInferenceUsHistogramList()))
        .build();
  }

  private static List<Long> added(List<Long> a, List<Long> b) {
    List<Long> sum = new ArrayList<>(Math.max(a.size(), b.size()));
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      sum.add((i < a.size() ? a.get(i) : 0L) + (i < b.size() ? b.get(i) : 0L));
    }
    return sum;
  }

  private static List<Long> widened(List<Integer> counts) {
    return counts.stream().map(Totals::unsigned).toList();
  }

  private static long unsigned(int value) {
    return Integer.toUnsignedLong(value);
  }
}
