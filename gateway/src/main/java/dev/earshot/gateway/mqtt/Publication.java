package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.message.RejectReason;
import dev.earshot.gateway.stream.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to Kafka. Created and settled on the session's event loop; {@link #done}
 * is called by the producer and passes it back there.
 */
final class Publication implements Delivery {
  /** Packet id of a message that is not acknowledged (QoS 0). */
  static final int UNACKNOWLEDGED = 0;

  private final Session session;
  private final int packetId;
  private final int payloadBytes;
  private final long receivedNanos;
  private final @Nullable RejectReason rejected;

  private volatile boolean done;
  private volatile boolean stored;

  Publication(
      Session session,
      int packetId,
      int payloadBytes,
      long receivedNanos,
      @Nullable RejectReason rejected) {
    this.session = session;
    this.packetId = packetId;
    this.payloadBytes = payloadBytes;
    this.receivedNanos = receivedNanos;
    this.rejected = rejected;
  }

  @Override
  public void done(@Nullable Exception failure) {
    if (done) {
      return;
    }
    stored = failure == null;
    done = true;
    session.settled(this);
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
  @Nullable RejectReason rejected() {
    return rejected;
  }

  boolean isDone() {
    return done;
  }

  /** Whether Kafka has it; means something once it is done. */
  boolean isStored() {
    return stored;
  }
}
