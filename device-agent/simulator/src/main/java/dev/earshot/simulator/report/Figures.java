package dev.earshot.simulator.report;

import static dev.earshot.simulator.report.ReportFigure.*;

import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Fates;
import dev.earshot.simulator.truth.HeartbeatFates;
import dev.earshot.simulator.truth.Truth;
import dev.earshot.simulator.verify.Verification;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A report's figures. One that nobody could know is missing.
 *
 * @param values by figure, in the order of the figures
 */
public record Figures(Map<ReportFigure, Double> values) {
  private static final double MILLIS_PER_HOUR = 3_600_000;
  private static final double MICROS = 1e6;

  public Figures {
    values = new EnumMap<>(values);
  }

  /** A copy. */
  @Override
  public Map<ReportFigure, Double> values() {
    return new EnumMap<>(values);
  }

  /** That figure; empty when nobody could know it. */
  public OptionalDouble of(ReportFigure figure) {
    Double value = values.get(figure);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /**
   * Collects them.
   *
   * @param factoryRelease {@code name:version}
   * @param verification empty when nobody compared
   */
  public static Figures of(
      String factoryRelease,
      FleetStats stats,
      Truth truth,
      Fates fates,
      HeartbeatFates heartbeats,
      Optional<Verification> verification) {
    Map<ReportFigure, Double> all = new EnumMap<>(ReportFigure.class);
    addDevices(all, factoryRelease, stats, fates);
    addHeartbeats(all, stats, heartbeats);
    addCounts(all, truth.totalHappened());
    verification.ifPresent(compared -> addComparison(all, compared, heartbeats));
    return new Figures(all);
  }

  private static void addDevices(
      Map<ReportFigure, Double> all, String factoryRelease, FleetStats stats, Fates fates) {
    long installed =
        stats.byRelease().entrySet().stream()
            .filter(entry -> !entry.getKey().equals(factoryRelease))
            .mapToLong(Map.Entry::getValue)
            .sum();
    put(all, DEVICES, stats.devices());
    put(all, CONNECTED_DEVICES, stats.connected());
    put(all, INSTALLED_DEVICES, installed);
    put(all, BRICKED_DEVICES, fates.bricked());
    put(all, COMMITTED_UPDATES, fates.totalCommitted());
    put(all, ROLLED_BACK_UPDATES, fates.totalRolledBack());
    put(all, FAILED_UPDATES, fates.totalFailed());
    put(all, POWER_CUTS, stats.powerCuts());
    put(all, CONNECTIONS_LOST, stats.connectionsLost());
    put(all, COMMANDS, stats.commands());
  }

  private static void addHeartbeats(
      Map<ReportFigure, Double> all, FleetStats stats, HeartbeatFates heartbeats) {
    put(all, HEARTBEATS_MADE, heartbeats.made());
    put(all, HEARTBEATS_PUBLISHED, stats.heartbeatsPublished());
    put(all, HEARTBEATS_ACKNOWLEDGED, heartbeats.acknowledged());
    put(all, DESTROYED_HEARTBEATS, heartbeats.destroyed());
    put(all, DROPPED_HEARTBEATS, heartbeats.dropped());
    put(all, WAITING_HEARTBEATS, heartbeats.waiting());
  }

  private static void addCounts(Map<ReportFigure, Double> all, Counts counts) {
    put(all, LISTENING_HOURS, counts.listeningMillis() / MILLIS_PER_HOUR);
    put(all, WAKES, counts.wakes());
    put(all, FALSE_ACCEPTS, counts.falseAccepts());
    put(all, SUSPECTED_FALSE_REJECTS, counts.suspectedFalseRejects());
    put(all, INFERENCES, counts.inferences());
    put(all, CHIP_JOULES, counts.chipMicrojoules() / MICROS);
    put(all, CRASHES, counts.reboots());
    put(all, CRASH_FREE_HOURS, counts.crashfreeMillis() / MILLIS_PER_HOUR);
  }

  private static void addComparison(
      Map<ReportFigure, Double> all, Verification compared, HeartbeatFates heartbeats) {
    long inKafka = compared.lines().getFirst().counted().getFirst();
    put(all, HEARTBEATS_IN_KAFKA, inKafka);
    put(all, LOST_ACKNOWLEDGED_HEARTBEATS, Math.max(0, heartbeats.acknowledged() - inKafka));
    put(all, DIFFERENCES, compared.differences().size() + compared.remarks().size());
  }

  private static void put(Map<ReportFigure, Double> all, ReportFigure figure, double value) {
    all.put(figure, value);
  }
}
