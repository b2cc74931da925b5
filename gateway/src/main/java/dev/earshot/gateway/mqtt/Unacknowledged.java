package dev.earshot.gateway.mqtt;

import org.jspecify.annotations.Nullable;

/**
 * The messages of one session that are not acknowledged yet, in the order in which they came. They
 * are linked to one another, so that waiting costs nothing but the message itself. Used on the
 * connection's event loop.
 */
final class Unacknowledged {
  private @Nullable Publication oldest;
  private @Nullable Publication newest;
  private int count;
  private int awaited;

  void add(Publication publication) {
    if (newest == null) {
      oldest = publication;
    } else {
      newest.next = publication;
    }
    newest = publication;
    count++;
    awaited += publication.isAwaited() ? 1 : 0;
  }

  /** Takes the oldest, when Kafka has answered for it; null: not yet, or there is none. */
  @Nullable Publication takeSettled() {
    Publication first = oldest;
    if (first == null || !first.isSettled()) {
      return null;
    }
    oldest = first.next;
    // Or one that has grown old would keep all that followed it.
    first.next = null;
    if (oldest == null) {
      newest = null;
    }
    count--;
    awaited -= first.isAwaited() ? 1 : 0;
    return first;
  }

  int count() {
    return count;
  }

  /** Of these, those that the device waits for (QoS 1). */
  int awaited() {
    return awaited;
  }

  void clear() {
    oldest = null;
    newest = null;
    count = 0;
    awaited = 0;
  }
}
