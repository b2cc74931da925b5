package dev.earshot.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.agent.port.Outbox;
import dev.earshot.protocol.v1.Heartbeat;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heartbeats that no acknowledgement has come for, oldest first, at most {@code capacity} of them:
 * one more makes the oldest give way. Each is in the {@link Outbox} before it may be sent, as long
 * as that can be written; what could not be kept there waits in memory and is kept when it can be.
 *
 * <p>The sum of {@code dropped_heartbeats} over those that were acknowledged, and {@code untold},
 * is the number of those that were given up. Runs on the agent's thread.
 */
final class HeartbeatQueue {
  private static final Logger log = LoggerFactory.getLogger(HeartbeatQueue.class);

  private final Outbox outbox;
  private final int capacity;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private Consumer<Heartbeat> onDrop = heartbeat -> {};

  private long next;
  private int untold;
  private long keptBelow;
  private boolean keeping = true;

  private long made;
  private long acknowledged;
  private long dropped;

  /** A heartbeat and its place in the line, which no other ever has. */
  record Waiting(long index, Heartbeat heartbeat) {}

  HeartbeatQueue(Outbox outbox, int capacity) {
    this.outbox = outbox;
    this.capacity = capacity;
  }

  void onDrop(Consumer<Heartbeat> listener) {
    onDrop = listener;
  }

  /** Takes up what waited when the power was cut. */
  void restore() {
    Outbox.Held held = outbox.restore();
    next = held.line().next();
    keptBelow = next;
    untold = held.line().untold();
    for (Outbox.Entry entry : held.waiting()) {
      try {
        waiting.addLast(new Waiting(entry.index(), Heartbeat.parseFrom(entry.bytes())));
      } catch (InvalidProtocolBufferException e) {
        log.warn("a kept heartbeat can't be read and is given up: {}", e.getMessage());
      }
    }
    made = next - held.line().first();
    dropped = made - waiting.size();
    if (made > 0) {
      log.info("{} heartbeats wait from before; {} were lost", waiting.size(), dropped);
    }
    firstMoves(held.line().first());
    while (waiting.size() > capacity) {
      dropOldest();
    }
  }

  /** The oldest, or null when none waits. */
  @Nullable Waiting oldest() {
    return waiting.peekFirst();
  }

  /** One more; it tells of those that were given up before it. */
  void add(Heartbeat.Builder heartbeat) {
    made++;
    if (waiting.size() == capacity) {
      dropOldest();
    }
    waiting.addLast(new Waiting(next++, heartbeat.setDroppedHeartbeats(untold).build()));
    untold = 0;
    keep();
  }

  /** The gateway has the oldest. */
  void acknowledge() {
    Waiting oldest = waiting.removeFirst();
    acknowledged++;
    firstMoves(oldest.index() + 1);
    try {
      outbox.advance(line(keptBelow));
    } catch (IOException e) {
      cannotKeep(e);
    }
  }

  Counters counters() {
    return new Counters(made, acknowledged, dropped);
  }

  List<Heartbeat> heartbeats() {
    return waiting.stream().map(Waiting::heartbeat).toList();
  }

  private void dropOldest() {
    Waiting oldest = waiting.removeFirst();
    dropped++;
    untold += 1 + oldest.heartbeat().getDroppedHeartbeats();
    firstMoves(oldest.index() + 1);
    onDrop.accept(oldest.heartbeat());
  }

  /**
   * The line begins further on. What the flash lost in between is told of from now on, not before:
   * while it lies within the line, every restart finds it missing anew.
   */
  private void firstMoves(long from) {
    untold += (int) (first() - from);
  }

  /** Those that could not be kept when they were made come first: the outbox is in order too. */
  private void keep() {
    try {
      for (Waiting each : waiting) {
        if (each.index() >= keptBelow) {
          Outbox.Entry entry = new Outbox.Entry(each.index(), each.heartbeat().toByteArray());
          outbox.append(entry, line(keptBelow), line(each.index() + 1));
          keptBelow = each.index() + 1;
        }
      }
      if (!keeping) {
        keeping = true;
        log.info("heartbeats are kept on flash again");
      }
    } catch (IOException e) {
      cannotKeep(e);
    }
  }

  private void cannotKeep(IOException e) {
    if (keeping) {
      keeping = false;
      log.warn("heartbeats wait in memory only, a power cut loses them: {}", e.getMessage());
    }
  }

  private long first() {
    Waiting oldest = waiting.peekFirst();
    return oldest == null ? next : oldest.index();
  }

  /**
   * Where the line stands when those below that index are kept. What the others would tell of is
   * untold should the power be cut now.
   */
  private Outbox.Line line(long kept) {
    int lost = untold;
    for (Iterator<Waiting> newest = waiting.descendingIterator(); newest.hasNext(); ) {
      Waiting each = newest.next();
      if (each.index() < kept) {
        break;
      }
      lost += each.heartbeat().getDroppedHeartbeats();
    }
    return new Outbox.Line(first(), next, lost);
  }
}
