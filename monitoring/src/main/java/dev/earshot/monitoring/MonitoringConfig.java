package dev.earshot.monitoring;

import dev.earshot.service.Settings;
import java.nio.file.Path;

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
 */
public record MonitoringConfig(
    String kafka,
    String host,
    int port,
    String instance,
    Path stateDirectory,
    int devicePartitions,
    int replication,
    String adminToken) {

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
        settings.secret("EARSHOT_ADMIN_TOKEN"));
  }

  @Override
  public String toString() {
    return "MonitoringConfig[" + instance + " at " + host + ":" + port + ", kafka " + kafka + "]";
  }
}
