package dev.earshot.monitoring.http;

import dev.earshot.protocol.v1.HealthTotals;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sums of intervals as JSON, in base units. */
final class TotalsJson {
  private static final double MILLIS = 1e-3;
  private static final double MICROS = 1e-6;

  private TotalsJson() {}

  static Map<String, Object> of(HealthTotals sums) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("heartbeats", sums.getHeartbeats());
    json.put("lateHeartbeats", sums.getLateHeartbeats());
    json.put("listeningSeconds", sums.getListeningMs() * MILLIS);
    json.put("wakes", sums.getWakes());
    json.put("falseAccepts", sums.getFalseAccepts());
    json.put("suspectedFalseRejects", sums.getSuspectedFalseRejects());
    json.put("inferences", sums.getInferences());
    json.put("ndpEnergyJoules", sums.getNdpEnergyUj() * MICROS);
    json.put("batteryDropRatio", sums.getBatterySocPctDrop() / 100);
    json.put("batteryDischargeSeconds", sums.getBatteryDischargeMs() * MILLIS);
    json.put("operationalSeconds", sums.getOperationalMs() * MILLIS);
    json.put("operationalCrashfreeSeconds", sums.getOperationalCrashfreeMs() * MILLIS);
    json.put("unexpectedReboots", sums.getUnexpectedReboots());
    json.put("droppedHeartbeats", sums.getDroppedHeartbeats());
    json.put("connectivityConnectedSeconds", sums.getConnectivityConnectedMs() * MILLIS);
    json.put("connectivityExpectedSeconds", sums.getConnectivityExpectedMs() * MILLIS);
    return json;
  }

  /** Bucket counts as devices send them; an empty list when nobody sent any. */
  static Map<String, Object> histograms(HealthTotals sums) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("inferenceScores", sums.getScoreHistogramList());
    json.put("inferenceMicroseconds", sums.getInferenceUsHistogramList());
    json.put("confirmedWakeScores", sums.getConfirmedWakeScoresList());
    json.put("falseAcceptScores", sums.getFalseAcceptScoresList());
    json.put("suspectedFalseRejectScores", sums.getSuspectedFalseRejectScoresList());
    json.put("nearMissScores", sums.getNearMissScoresList());
    return json;
  }
}
