package dev.earshot.monitoring.stream;

import dev.earshot.monitoring.health.Totals;
import dev.earshot.monitoring.health.WindowKey;
import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.protocol.v1.HealthWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A partition's windows: what was counted in each five minutes of the fleet's time. Windows that
 * changed are published, those that are older than the retention are deleted, here and in the
 * topic. For use by one thread.
 */
final class WindowBook {
  /** Windows that are deleted in one go, so that messages do not wait. */
  private static final int DELETED_AT_ONCE = 2_000;

  private final KeyValueStore<String, HealthTotals> store;
  private final ProcessorContext<String, byte[]> context;
  private final Duration retention;
  private final Set<String> changed = new HashSet<>();
  private long deletedBeforeMillis;

  WindowBook(ProcessorContext<String, byte[]> context, Duration grace, Duration retention) {
    this.store = context.getStateStore(Stores.WINDOWS);
    this.context = context;
    this.retention = retention;
    // What a crash may have kept from being published is published again: only windows within the
    // grace of the newest one can have changed.
    try (KeyValueIterator<String, HealthTotals> newest = store.reverseAll()) {
      if (newest.hasNext()) {
        long newestMillis = WindowKey.decode(newest.next().key).startMillis();
        noteAll(newestMillis - grace.toMillis() - WindowKey.LENGTH.toMillis());
      }
    }
  }

  private void noteAll(long fromMillis) {
    try (KeyValueIterator<String, HealthTotals> windows =
        store.range(WindowKey.lowest(fromMillis), null)) {
      windows.forEachRemaining(entry -> changed.add(entry.key));
    }
  }

  void add(WindowKey key, HealthTotals one) {
    String encoded = key.encode();
    HealthTotals sums = store.get(encoded);
    store.put(encoded, sums == null ? one : Totals.plus(sums, one));
    changed.add(encoded);
  }

  /** Publishes what has changed. */
  void publish(long timestamp) {
    for (String encoded : changed) {
      HealthTotals sums = store.get(encoded);
      if (sums != null) {
        WindowKey key = WindowKey.decode(encoded);
        byte[] value = message(key, sums).toByteArray();
        context.forward(new Record<>(topicKey(key), value, timestamp));
      }
    }
    changed.clear();
  }

  /** Deletes some of what is too old. */
  @SuppressWarnings("NullAway") // Kafka's tombstones are null values.
  void expire(long nowMillis, long timestamp) {
    long before = WindowKey.startOf(nowMillis - retention.toMillis());
    if (before <= deletedBeforeMillis) {
      return;
    }
    List<String> old = new ArrayList<>();
    try (KeyValueIterator<String, HealthTotals> windows =
        store.range(WindowKey.lowest(deletedBeforeMillis), WindowKey.lowest(before))) {
      while (windows.hasNext() && old.size() < DELETED_AT_ONCE) {
        KeyValue<String, HealthTotals> entry = windows.next();
        old.add(entry.key);
      }
    }
    for (String encoded : old) {
      store.delete(encoded);
      changed.remove(encoded);
      context.forward(new Record<>(topicKey(WindowKey.decode(encoded)), null, timestamp));
    }
    if (old.size() < DELETED_AT_ONCE) {
      deletedBeforeMillis = before;
    }
  }

  private String topicKey(WindowKey key) {
    return context.taskId().partition() + "|" + key.startMillis() + "|" + key.labels().encode();
  }

  private HealthWindow message(WindowKey key, HealthTotals sums) {
    return HealthWindow.newBuilder()
        .setWindowStartMs(key.startMillis())
        .setWindowMs((int) WindowKey.LENGTH.toMillis())
        .setPartition(context.taskId().partition())
        .setFleet(key.labels().fleet())
        .setCohort(key.labels().cohort())
        .setRelease(key.labels().release())
        .setChip(key.labels().chip())
        .setRegion(key.labels().region())
        .setEnvironment(key.labels().environment())
        .setArm(key.labels().arm())
        .setTotals(sums)
        .build();
  }
}
