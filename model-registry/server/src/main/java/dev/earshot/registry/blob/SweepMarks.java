package dev.earshot.registry.blob;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.storage.ObjectStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How those who store a blob and those who sweep it see one another, through the store alone, for
 * processes that know nothing else of each other. It is Dekker's rule: the sweeper first writes a
 * mark {@code sweeps/<hex>/<run>}, then looks at the blob's age, then deletes it, then takes the
 * mark away; the other side first makes the blob new, then looks for marks. So at least one sees
 * the other: the sweeper a new blob, which it leaves, or the other a mark, for whose end it waits
 * to see whether the blob is still there. Needs a store that shows what was written to whoever
 * reads afterwards, as POSIX file systems and S3 do.
 *
 * <p>A mark of a sweeper that died holds nobody up for longer than {@link #LIFE}; a sweeper that
 * was held up between its look and its deletion for {@link #HASTE} leaves the blob.
 */
final class SweepMarks {
  private static final String FOLDER = "sweeps/";

  /** Longer than {@link #HASTE} and the time limit of one call to the store together. */
  static final Duration LIFE = Duration.ofMinutes(2);

  static final Duration HASTE = Duration.ofSeconds(30);

  static final Duration POLL = Duration.ofMillis(20);

  private final ObjectStore objects;

  private final Duration poll;

  /**
   * @param poll between two looks at a mark
   */
  SweepMarks(ObjectStore objects, Duration poll) {
    this.objects = objects;
    this.poll = poll;
  }

  /** The sweeper's side. */
  boolean delete(Digest digest, String key, Instant oldest) throws IOException {
    String mark = FOLDER + digest.hex() + "/" + UUID.randomUUID();
    long begun = System.nanoTime();
    objects.put(mark, new byte[0]);
    try {
      Optional<ObjectStore.Stat> blob = objects.stat(key);
      boolean old = blob.isPresent() && blob.get().modified().isBefore(oldest);
      if (!old || System.nanoTime() - begun > HASTE.toNanos()) {
        return false;
      }
      objects.delete(key);
      return true;
    } finally {
      objects.delete(mark);
    }
  }

  /**
   * The other side, after it has made the blob new.
   *
   * @return the blob, once no sweep can take it any more; empty when one has
   */
  Optional<ObjectStore.Stat> settled(Digest digest, String key) throws IOException {
    Optional<ObjectStore.Stat> fresh = objects.stat(key);
    if (fresh.isEmpty()) {
      return fresh;
    }
    Instant dead = fresh.get().modified().minus(LIFE);
    long begun = System.nanoTime();
    while (marked(digest, dead) && System.nanoTime() - begun < LIFE.toNanos()) {
      pause();
    }
    // Also when there was no mark: a sweep may have ended between the first look and this.
    return objects.stat(key);
  }

  private boolean marked(Digest digest, Instant dead) throws IOException {
    boolean[] found = {false};
    objects.list(FOLDER + digest.hex() + "/", mark -> found[0] |= mark.modified().isAfter(dead));
    return found[0];
  }

  private void pause() throws InterruptedIOException {
    try {
      Thread.sleep(poll);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a sweep ends");
    }
  }

  /** Takes away what sweepers that died have left. */
  void removeAbandoned() throws IOException {
    List<ObjectStore.Stat> marks = new ArrayList<>();
    objects.list(FOLDER, marks::add);
    if (marks.isEmpty()) {
      return;
    }
    Instant dead = now().minus(LIFE);
    for (ObjectStore.Stat mark : marks) {
      if (mark.modified().isBefore(dead)) {
        objects.delete(mark.key());
      }
    }
  }

  /** The store's time, from an object that is written for it. */
  Instant now() throws IOException {
    String probe = FOLDER + "now/" + UUID.randomUUID();
    objects.put(probe, new byte[0]);
    try {
      return objects
          .stat(probe)
          .map(ObjectStore.Stat::modified)
          .orElseThrow(() -> new IOException(probe + ": not there just after it was written"));
    } finally {
      objects.delete(probe);
    }
  }
}
