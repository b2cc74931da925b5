package dev.earshot.cli.simulate;

import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.EnvironmentCounts;
import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.protocol.v1.ReleaseHistory;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Truth;
import dev.earshot.simulator.verify.Counted;
import java.util.HashMap;
import java.util.Map;

/** What services counted, by release and environment. */
final class ServiceCounts {
  private static final double MILLION = 1e6;

  private ServiceCounts() {}

  /** Monitoring's sums, whatever other labels they have. */
  static Counted monitoring(Map<HealthKey, HealthTotals> totals) {
    Map<Truth.Key, Sums> sums = new HashMap<>();
    long intervals = 0;
    for (Map.Entry<HealthKey, HealthTotals> entry : totals.entrySet()) {
      HealthKey labels = entry.getKey();
      HealthTotals of = entry.getValue();
      intervals += of.getHeartbeats();
      at(sums, labels.release(), Labels.environment(labels.environment()))
          .add(
              new Counts(
                  of.getListeningMs(),
                  of.getWakes(),
                  of.getFalseAccepts(),
                  of.getSuspectedFalseRejects(),
                  of.getInferences(),
                  of.getNdpEnergyUj(),
                  0,
                  of.getBatteryDischargeMs(),
                  of.getOperationalCrashfreeMs(),
                  of.getUnexpectedReboots()),
              of.getBatterySocPctDrop());
    }
    return new Counted("monitoring", rounded(sums), intervals);
  }

  /** What the rollout service remembers of every device, in or out of a rollout. */
  static Counted rollout(RolloutEngine engine) {
    Map<Truth.Key, Sums> sums = new HashMap<>();
    engine.devices(
        (id, device) -> {
          for (ReleaseHistory history : device.getHistoriesList()) {
            history.getCurrentList().forEach(counts -> add(sums, history.getRelease(), counts));
            history.getPreviousList().forEach(counts -> add(sums, history.getRelease(), counts));
          }
        });
    return new Counted("rollout evidence", rounded(sums), Counted.UNTOLD);
  }

  private static void add(Map<Truth.Key, Sums> sums, String release, EnvironmentCounts of) {
    at(sums, release, of.getEnvironment())
        .add(
            new Counts(
                of.getListeningMs(),
                of.getWakes(),
                of.getFalseAccepts(),
                of.getSuspectedFalseRejects(),
                Counted.UNTOLD,
                of.getEnergyUj(),
                0,
                of.getDischargeMs(),
                of.getCrashfreeMs(),
                of.getReboots()),
            of.getSocDropPct());
  }

  private static Sums at(
      Map<Truth.Key, Sums> sums, String release, dev.earshot.protocol.v1.Environment environment) {
    return sums.computeIfAbsent(new Truth.Key(release, environment), key -> new Sums());
  }

  private static Map<Truth.Key, Counts> rounded(Map<Truth.Key, Sums> sums) {
    Map<Truth.Key, Counts> rounded = new HashMap<>();
    sums.forEach((key, sum) -> rounded.put(key, sum.rounded()));
    return rounded;
  }

  /** Whole numbers, and percentages that are rounded at the end. */
  private static final class Sums {
    private Counts whole = Counts.NONE;
    private double socDropPercent;

    void add(Counts more, double percent) {
      whole = whole.plus(more);
      socDropPercent += percent;
    }

    Counts rounded() {
      return whole.plus(
          new Counts(0, 0, 0, 0, 0, 0, Math.round(socDropPercent * MILLION), 0, 0, 0));
    }
  }
}
