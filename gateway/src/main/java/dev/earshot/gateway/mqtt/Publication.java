package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.message.Rejection;
import dev.earshot.gateway.stream.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to Kafka. Created and settled on the session's event loop; {@link #done}
 * is called by the producer and passes it back there.
 */
final class Publication extends Delivery {
  /** Packet id of a message that is not acknowledged (QoS 0). */
  static final int UNACKNOWLEDGED = 0;

  private final Session session;
  private final int packetId;
  private final int payloadBytes;
  private final long receivedNanos;
  private final @Nullable Rejection rejected;

  // Written by the producer's thread before it is handed to the lane, whose queue orders the two.
  private boolean answered;
  private boolean stored;

  // On the event loop.
  private boolean settled;
  @Nullable Publication next;

  Publication(
      Session session,
      int packetId,
      int payloadBytes,
      long receivedNanos,
      @Nullable Rejection rejected) {
    this.session = session;
    this.packetId = packetId;
    this.payloadBytes = payloadBytes;
    this.receivedNanos = receivedNanos;
    this.rejected = rejected;
  }

  @Override
  public void done(@Nullable Exception failure) {
    if (!answered) {
      answered = true;
      stored = failure == null;
      session.lane().complete(this);
    }
  }

  /** Kafka's answer has arrived on the event loop. */
  void settle() {
    settled = true;
  }

  boolean isSettled() {
    return settled;
  }

  Session session() {
    return session;
  }

  int packetId() {
    return packetId;
  }

  int payloadBytes() {
    return payloadBytes;
  }

  long receivedNanos() {
    return receivedNanos;
  }

  /** Why it became a dead letter; null when it was forwarded. */
  @Nullable Rejection rejected() {
    return rejected;
  }

  /** Whether Kafka has it; means something once it is settled. */
  boolean isStored() {
    return stored;
  }
}
