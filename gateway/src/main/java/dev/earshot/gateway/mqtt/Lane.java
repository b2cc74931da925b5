package dev.earshot.gateway.mqtt;

import io.vertx.core.Context;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The way from the producer's thread back to one event loop. Completions that arrive close together
 * are handed over by one task, so that a batch that Kafka stored costs the loop one wake-up.
 */
final class Lane {
  private final Context loop;
  private final Queue<Publication> completed = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  Lane(Context loop) {
    this.loop = loop;
  }

  /** Hands a completed publication to its session, on the loop. Any thread may call. */
  void complete(Publication publication) {
    completed.add(publication);
    if (scheduled.compareAndSet(false, true)) {
      loop.runOnContext(ignored -> drain());
    }
  }

  /** Runs on the loop, after everything that was completed before. Any thread may call. */
  void run(Runnable task) {
    loop.runOnContext(ignored -> task.run());
  }

  private void drain() {
    // Before looking: what is added from here on schedules the next drain.
    scheduled.set(false);
    Publication publication = completed.poll();
    while (publication != null) {
      publication.session().completed(publication);
      publication = completed.poll();
    }
  }
}
