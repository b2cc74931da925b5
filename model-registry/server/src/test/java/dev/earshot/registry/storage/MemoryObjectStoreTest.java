package dev.earshot.registry.storage;

import java.time.Duration;
import java.time.Instant;

/** The other tests' store keeps the contract, too. */
class MemoryObjectStoreTest extends ObjectStoreContract {
  private final MemoryObjectStore store = new MemoryObjectStore(this::tick);
  private boolean started;

  /** As a real clock does. */
  private void tick() {
    if (started) {
      store.pass(Duration.ofMillis(1));
    }
  }

  @Override
  ObjectStore open() {
    if (!started) {
      store.pass(Duration.between(Instant.parse("2026-06-01T00:00:00Z"), Instant.now()));
      started = true;
    }
    return store;
  }
}
