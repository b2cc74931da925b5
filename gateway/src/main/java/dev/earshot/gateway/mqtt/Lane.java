package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.metrics.GatewayMetrics;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.MpscUnboundedArrayQueue;

/**
 * One event loop with its connections, and the way back to it from the producer's thread. What
 * Kafka has answered is queued and taken by one task: a batch that Kafka stored costs the loop one
 * wake-up, and each connection one write and one flush, however many of its messages were in it.
 */
final class Lane {
  private static final int QUEUE_CHUNK = 1024;
  private static final long LOOK_ROUND_SECONDS = 1;

  private final EventLoop loop;
  private final Backpressure backpressure;
  private final GatewayMetrics metrics;
  private final MpscUnboundedArrayQueue<Publication> completed =
      new MpscUnboundedArrayQueue<>(QUEUE_CHUNK);
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Runnable drain = this::drain;

  // On the loop only.
  private final PublishPacket publish = new PublishPacket();
  private final List<Session> answered = new ArrayList<>();
  private final Set<Connection> connections = new LinkedHashSet<>();

  Lane(EventLoop loop, Backpressure backpressure, GatewayMetrics metrics) {
    this.loop = loop;
    this.backpressure = backpressure;
    this.metrics = metrics;
    loop.scheduleAtFixedRate(
        this::lookRound, LOOK_ROUND_SECONDS, LOOK_ROUND_SECONDS, TimeUnit.SECONDS);
  }

  EventLoop loop() {
    return loop;
  }

  /** The loop's packet, filled by each read anew. On the loop. */
  PublishPacket publishPacket() {
    return publish;
  }

  void add(Connection connection) {
    connections.add(connection);
  }

  void remove(Connection connection) {
    connections.remove(connection);
  }

  /** Hands an answered publication to its session, on the loop. Any thread may call. */
  void complete(Publication publication) {
    completed.add(publication);
    // Looked at before it is set: most completions of a batch find a drain on its way.
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      loop.execute(drain);
    }
  }

  /** Runs on the loop, after everything that was completed before. Any thread may call. */
  void run(Runnable task) {
    loop.execute(task);
  }

  private void drain() {
    // Before looking: what is added from here on schedules the next drain.
    scheduled.set(false);
    int messages = 0;
    long bytes = 0;
    Publication publication = completed.poll();
    while (publication != null) {
      messages++;
      bytes += publication.payloadBytes();
      count(publication);
      Session session = publication.session();
      if (session.settled(publication)) {
        answered.add(session);
      }
      publication = completed.poll();
    }
    for (Session session : answered) {
      session.flush();
    }
    answered.clear();
    // Last: when nothing is in flight any more, everything that can be acknowledged is.
    backpressure.release(messages, bytes);
  }

  private void count(Publication publication) {
    if (!publication.isStored()) {
      metrics.messageFailed();
    } else if (publication.rejected() != null) {
      metrics.messageRejected(publication.rejected().reason());
    } else {
      metrics.messageForwarded(System.nanoTime() - publication.receivedNanos());
    }
  }

  /** Ends what has been silent, or on its way out, for too long. */
  private void lookRound() {
    long now = System.nanoTime();
    for (Connection connection : List.copyOf(connections)) {
      connection.look(now);
    }
  }
}
