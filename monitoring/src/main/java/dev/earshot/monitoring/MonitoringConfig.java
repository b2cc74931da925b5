package dev.earshot.monitoring;

import dev.earshot.monitoring.health.SeriesBudget;
import dev.earshot.monitoring.health.WindowKey;
import dev.earshot.service.Settings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What monitoring needs to know.
 *
 * @param kafka bootstrap servers
 * @param host address to listen on
 * @param port of HTTP; 0 means any free one
 * @param instance this instance's lasting name (static membership); different for each instance
 * @param stateDirectory where the stores live; losing it costs time, not data
 * @param devicePartitions of the topics that are keyed by device, when they must be created
 * @param replication of topics that must be created
 * @param adminToken bearer token for device views; empty refuses them
 * @param limits of what is kept and shown
 */
public record MonitoringConfig(
    String kafka,
    String host,
    int port,
    String instance,
    Path stateDirectory,
    int devicePartitions,
    int replication,
    String adminToken,
    Limits limits) {

  /**
   * How much is kept and shown.
   *
   * @param grace how late an interval may come and still be counted in the window in which it
   *     ended, fleet time
   * @param retention how long windows are kept, fleet time; at least the grace
   * @param series how many series {@code /metrics} may show of the fleet
   */
  public record Limits(Duration grace, Duration retention, int series) {
    /** Six hours of grace, a week of windows. */
    public static final Limits DEFAULT =
        new Limits(Duration.ofHours(6), Duration.ofDays(7), SeriesBudget.DEFAULT);

    public Limits {
      if (grace.isNegative()) {
        throw new IllegalArgumentException("grace: " + grace + " (expected: not negative)");
      }
      if (retention.compareTo(grace) < 0 || retention.compareTo(WindowKey.LENGTH) < 0) {
        throw new IllegalArgumentException(
            "retention: "
                + retention
                + " (expected: at least the grace, "
                + grace
                + ", and "
                + WindowKey.LENGTH
                + ")");
      }
    }

    private static Limits from(Settings settings) {
      Duration grace =
          settings.parsed(
              "EARSHOT_WINDOW_GRACE",
              DEFAULT.grace(),
              text -> new Limits(Duration.parse(text), Duration.ofDays(36_500), 0).grace(),
              "a duration such as PT6H");
      Duration least = grace.compareTo(DEFAULT.retention()) > 0 ? grace : DEFAULT.retention();
      Duration retention =
          settings.parsed(
              "EARSHOT_WINDOW_RETENTION",
              least,
              text -> new Limits(grace, Duration.parse(text), 0).retention(),
              "a duration such as P7D");
      int series =
          settings.integer(
              "EARSHOT_SERIES_BUDGET", DEFAULT.series(), SeriesBudget.LOWEST, SeriesBudget.HIGHEST);
      return new Limits(grace, retention, series);
    }
  }

  /** Reads the environment's keys. */
  public static MonitoringConfig from(Settings settings) {
    return new MonitoringConfig(
        settings.text("EARSHOT_KAFKA", "localhost:19092"),
        settings.text("EARSHOT_HTTP_HOST", "0.0.0.0"),
        settings.port("EARSHOT_HTTP_PORT", 7083),
        settings.text("EARSHOT_INSTANCE", "monitoring-0"),
        settings.path("EARSHOT_STATE_DIR", Path.of("/var/lib/earshot/monitoring")),
        settings.integer("EARSHOT_DEVICE_PARTITIONS", 8, 1, 4096),
        settings.integer("EARSHOT_REPLICATION", 1, 1, 9),
        settings.secret("EARSHOT_ADMIN_TOKEN"),
        Limits.from(settings));
  }

  @Override
  public String toString() {
    return "MonitoringConfig[" + instance + " at " + host + ":" + port + ", kafka " + kafka + "]";
  }
}
