package dev.earshot.registry.gc;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.time.Duration;

/** What is counted of collections. Blobs by state are those of the last collection, dry or not. */
public final class GcMetrics {
  private final Counter runs;
  private final Counter deletedBlobs;
  private final Counter deletedBytes;
  private final Gauge blobs;
  private final Gauge bytes;
  private final Gauge missing;
  private final Gauge seconds;
  private final Gauge lastSuccess;

  public GcMetrics(CollectorRegistry registry) {
    runs =
        Counter.build("earshot_registry_gc_runs_total", "Garbage collections")
            .labelNames("mode", "outcome")
            .register(registry);
    for (boolean dryRun : new boolean[] {true, false}) {
      runs.labels(mode(dryRun), "completed");
      runs.labels(mode(dryRun), "failed");
    }
    deletedBlobs =
        Counter.build("earshot_registry_gc_deleted_blobs_total", "Blobs deleted as garbage")
            .register(registry);
    deletedBytes =
        Counter.build("earshot_registry_gc_deleted_bytes_total", "Bytes deleted as garbage")
            .register(registry);
    blobs =
        Gauge.build("earshot_registry_gc_blobs", "Blobs kept by the last collection")
            .labelNames("state")
            .register(registry);
    bytes =
        Gauge.build("earshot_registry_gc_bytes", "Bytes kept by the last collection")
            .labelNames("state")
            .register(registry);
    missing =
        Gauge.build(
                "earshot_registry_gc_missing_manifests",
                "Manifests that are referred to and not there")
            .register(registry);
    seconds =
        Gauge.build("earshot_registry_gc_duration_seconds", "How long the last collection took")
            .register(registry);
    lastSuccess =
        Gauge.build(
                "earshot_registry_gc_last_success_timestamp_seconds",
                "When the last collection that deletes was begun, by the store's clock")
            .register(registry);
  }

  void completed(GcReport report, Duration took) {
    runs.labels(mode(report.dryRun()), "completed").inc();
    state("used", report.used());
    state("linked", report.linked());
    state("young", report.young());
    state("spared", report.spared());
    missing.set(report.missing());
    seconds.set(took.toNanos() / 1e9);
    if (!report.dryRun()) {
      deletedBlobs.inc(report.deleted().count());
      deletedBytes.inc(report.deleted().bytes());
      lastSuccess.set(report.startedAt().getEpochSecond());
    }
  }

  void failed(boolean dryRun) {
    runs.labels(mode(dryRun), "failed").inc();
  }

  private void state(String state, GcReport.Amount amount) {
    blobs.labels(state).set(amount.count());
    bytes.labels(state).set(amount.bytes());
  }

  private static String mode(boolean dryRun) {
    return dryRun ? "dry_run" : "sweep";
  }
}
