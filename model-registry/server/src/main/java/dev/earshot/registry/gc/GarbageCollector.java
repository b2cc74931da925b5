package dev.earshot.registry.gc;

import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.release.ReleaseCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mark and sweep over a store that registries keep writing to.
 *
 * <p>Why nothing that is referred to goes: a collection first reads the store's clock, then every
 * reference, then deletes what had none and is older by the grace period than that first reading. A
 * reference that is written after it was looked for belongs to a blob that was stored or claimed
 * ({@link BlobStore#claim}) just before; so either the blob was new when the collection began, or
 * it became new meanwhile, which {@link BlobStore#sweep} sees at the last moment, also from other
 * processes. This needs references to be written within the grace period of the claim.
 *
 * <p>Collections of several registries may run at the same time. Within one, they go one at a time.
 */
public final class GarbageCollector {
  private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);

  private final BlobStore blobs;
  private final Supplier<ReleaseCatalog> releases;
  private final Duration grace;
  private final GcMetrics metrics;
  private final ReentrantLock running = new ReentrantLock();

  /**
   * @param releases all of them, up to date; throws when it can't say
   * @param grace how long a blob is safe after it was stored or claimed
   */
  public GarbageCollector(
      BlobStore blobs, Supplier<ReleaseCatalog> releases, Duration grace, GcMetrics metrics) {
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace: " + grace + " (expected: not negative)");
    }
    this.blobs = blobs;
    this.releases = releases;
    this.grace = grace;
    this.metrics = metrics;
  }

  /**
   * Collects once. Blocks for as long as reading all manifests and listing all blobs takes.
   *
   * @param dryRun to tell what would be deleted, and delete nothing
   * @return what it did; empty when another collection of this registry runs
   * @throws IOException when something can't be read or accounted for; what had been deleted by
   *     then was garbage
   */
  public Optional<GcReport> collect(boolean dryRun) throws IOException {
    if (!running.tryLock()) {
      return Optional.empty();
    }
    long begun = System.nanoTime();
    try {
      GcReport report = run(dryRun);
      metrics.completed(report, Duration.ofNanos(System.nanoTime() - begun));
      LOG.info(
          "Garbage collection{}: {} blobs of {} bytes deleted, {} of {} bytes kept, {} manifests"
              + " missing",
          dryRun ? " (dry run)" : "",
          report.deleted().count(),
          report.deleted().bytes(),
          report.kept().count(),
          report.kept().bytes(),
          report.missing());
      return Optional.of(report);
    } catch (IOException | RuntimeException e) {
      metrics.failed(dryRun);
      throw e;
    } finally {
      running.unlock();
    }
  }

  private GcReport run(boolean dryRun) throws IOException {
    Instant startedAt = blobs.now();
    if (!dryRun) {
      blobs.tidy();
    }
    ReleaseCatalog catalog = releases.get();
    try {
      Sweep sweep = new Sweep(blobs, References.find(blobs, catalog), startedAt, grace, dryRun);
      blobs.list(sweep::look);
      return sweep.report();
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
