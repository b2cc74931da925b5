package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.stream.Delivery;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter that no device waits for. Until Kafka has answered it counts among what is on its
 * way: a device that is refused all the time must not fill the producer's buffer.
 */
final class DeadLetter extends Delivery {
  private final Backpressure backpressure;
  private final int bytes;
  private final AtomicBoolean answered = new AtomicBoolean();

  /** Counts it in. */
  DeadLetter(Backpressure backpressure, int bytes) {
    this.backpressure = backpressure;
    this.bytes = bytes;
    backpressure.admit(bytes);
  }

  @Override
  public void done(@Nullable Exception failure) {
    if (answered.compareAndSet(false, true)) {
      backpressure.release(1, bytes);
    }
  }
}
