package dev.earshot.gateway.stream;

import org.jspecify.annotations.Nullable;

/** Learns, once, whether Kafka has stored a record. */
@FunctionalInterface
public interface Delivery {
  /**
   * Called on the producer's thread, or on the sender's when the record could not even be queued.
   * Must not block.
   *
   * @param failure null when all in-sync replicas have the record
   */
  void done(@Nullable Exception failure);
}
