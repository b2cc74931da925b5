package dev.earshot.rollout.assignment;

import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.EnvironmentCounts;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.ArrayList;
import java.util.List;

/** Adds up counts per environment; lists hold each environment at most once. */
final class EnvironmentSums {
  private EnvironmentSums() {}

  static EnvironmentCounts of(Heartbeat heartbeat) {
    return EnvironmentCounts.newBuilder()
        .setEnvironmentValue(heartbeat.getEnvironmentValue())
        .setListeningMs(Integer.toUnsignedLong(heartbeat.getListeningMs()))
        .setWakes(Integer.toUnsignedLong(heartbeat.getWakes()))
        .setFalseAccepts(Integer.toUnsignedLong(heartbeat.getFalseAccepts()))
        .setSuspectedFalseRejects(Integer.toUnsignedLong(heartbeat.getSuspectedFalseRejects()))
        .setEnergyUj(heartbeat.getNdpEnergyUj())
        .setSocDropPct(Math.max(0, heartbeat.getBatterySocPctDrop()))
        .setDischargeMs(Integer.toUnsignedLong(heartbeat.getBatteryDischargeDurationMs()))
        .setCrashfreeMs(Integer.toUnsignedLong(heartbeat.getOperationalCrashfreeMs()))
        .setReboots(Integer.toUnsignedLong(heartbeat.getUnexpectedReboots()))
        .build();
  }

  static List<EnvironmentCounts> add(List<EnvironmentCounts> sums, EnvironmentCounts more) {
    List<EnvironmentCounts> result = new ArrayList<>(sums);
    for (int i = 0; i < result.size(); i++) {
      EnvironmentCounts sum = result.get(i);
      if (sum.getEnvironmentValue() == more.getEnvironmentValue()) {
        result.set(i, add(sum, more));
        return result;
      }
    }
    result.add(more);
    return result;
  }

  static List<EnvironmentCounts> add(List<EnvironmentCounts> sums, List<EnvironmentCounts> more) {
    List<EnvironmentCounts> result = sums;
    for (EnvironmentCounts counts : more) {
      result = add(result, counts);
    }
    return result;
  }

  /** Where a device listened most; unspecified when it did not listen at all. */
  static Environment home(List<EnvironmentCounts> sums) {
    EnvironmentCounts most = EnvironmentCounts.getDefaultInstance();
    for (EnvironmentCounts counts : sums) {
      if (counts.getListeningMs() > most.getListeningMs()) {
        most = counts;
      }
    }
    return most.getEnvironment();
  }

  private static EnvironmentCounts add(EnvironmentCounts a, EnvironmentCounts b) {
    return a.toBuilder()
        .setListeningMs(a.getListeningMs() + b.getListeningMs())
        .setWakes(a.getWakes() + b.getWakes())
        .setFalseAccepts(a.getFalseAccepts() + b.getFalseAccepts())
        .setSuspectedFalseRejects(a.getSuspectedFalseRejects() + b.getSuspectedFalseRejects())
        .setEnergyUj(a.getEnergyUj() + b.getEnergyUj())
        .setSocDropPct(a.getSocDropPct() + b.getSocDropPct())
        .setDischargeMs(a.getDischargeMs() + b.getDischargeMs())
        .setCrashfreeMs(a.getCrashfreeMs() + b.getCrashfreeMs())
        .setReboots(a.getReboots() + b.getReboots())
        .build();
  }
}
