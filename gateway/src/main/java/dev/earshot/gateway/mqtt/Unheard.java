package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.stream.Delivery;
import org.jspecify.annotations.Nullable;

/** Of something that nobody waits for: when Kafka does not take it, it is lost. */
final class Unheard extends Delivery {
  @Override
  public void done(@Nullable Exception failure) {
    // The producer's own error counter shows it.
  }
}
