package dev.earshot.registry.gc;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.gc.GcReport.Amount;
import dev.earshot.registry.storage.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The sweep phase of one collection. Used by one thread. */
final class Sweep {
  private final BlobStore blobs;
  private final References references;
  private final Instant startedAt;
  private final Duration grace;
  private final boolean dryRun;

  private final List<GcReport.Deleted> named = new ArrayList<>();
  private Amount used = Amount.NONE;
  private Amount linked = Amount.NONE;
  private Amount young = Amount.NONE;
  private Amount spared = Amount.NONE;
  private Amount deleted = Amount.NONE;

  Sweep(BlobStore blobs, References references, Instant startedAt, Duration grace, boolean dryRun) {
    this.blobs = blobs;
    this.references = references;
    this.startedAt = startedAt;
    this.grace = grace;
    this.dryRun = dryRun;
  }

  /** Decides about one blob; throws {@link UncheckedIOException}. */
  void look(Digest digest, ObjectStore.Stat stat) {
    Instant oldest = startedAt.minus(grace);
    if (references.onlyLinked(digest)) {
      linked = linked.plus(stat.length());
    } else if (references.contain(digest)) {
      used = used.plus(stat.length());
    } else if (!stat.modified().isBefore(oldest)) {
      young = young.plus(stat.length());
    } else if (dryRun || deleted(digest, oldest)) {
      deleted = deleted.plus(stat.length());
      if (named.size() < GcReport.LONGEST) {
        named.add(new GcReport.Deleted(digest.toString(), stat.length(), stat.modified()));
      }
    } else {
      spared = spared.plus(stat.length());
    }
  }

  private boolean deleted(Digest digest, Instant oldest) {
    try {
      return blobs.sweep(digest, oldest);
    } catch (IOException e) {
      throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
    }
  }

  GcReport report() {
    return new GcReport(
        dryRun,
        startedAt,
        grace,
        used,
        linked,
        young,
        spared,
        deleted,
        references.missing(),
        named);
  }
}
