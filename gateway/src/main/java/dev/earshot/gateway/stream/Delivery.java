package dev.earshot.gateway.stream;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Learns whether Kafka has stored a record. One object for each, as there are many. */
public abstract class Delivery implements Callback {
  /**
   * Called on the producer's thread, or on the sender's when the record could not even be queued;
   * in that case perhaps twice. Must not block.
   *
   * @param failure null when all in-sync replicas have the record
   */
  public abstract void done(@Nullable Exception failure);

  @Override
  public final void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
    done(failure);
  }
}
