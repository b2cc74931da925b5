package dev.earshot.rollout.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.assignment.Directive;
import dev.earshot.rollout.assignment.Directives;
import dev.earshot.rollout.plan.InvalidPlan;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rollouts in the global store, read and compiled. The global store runs ahead of or behind the
 * devices' side by itself; that is why summaries say which revision they have seen.
 */
final class DirectiveView {
  private static final Logger LOG = LoggerFactory.getLogger(DirectiveView.class);

  private final ReadOnlyKeyValueStore<String, byte[]> store;
  private final Map<String, byte[]> seen = new HashMap<>();
  private final Map<String, Directive> compiled = new HashMap<>();
  private Directives directives = Directives.NONE;

  DirectiveView(ReadOnlyKeyValueStore<String, byte[]> store) {
    this.store = store;
    refresh();
  }

  Directives directives() {
    return directives;
  }

  /** Reads what has changed. */
  void refresh() {
    boolean changed = false;
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<String, byte[]> entry = all.next();
        if (!Arrays.equals(seen.get(entry.key), entry.value)) {
          seen.put(entry.key, entry.value);
          changed |= read(entry.key, entry.value);
        }
      }
    }
    if (changed) {
      directives = new Directives(compiled.values());
    }
  }

  private boolean read(String rollout, byte[] bytes) {
    try {
      RolloutSnapshot snapshot = RolloutSnapshot.parseFrom(bytes);
      Directive before = compiled.get(rollout);
      compiled.put(
          rollout,
          before != null && before.snapshot().getPlan().equals(snapshot.getPlan())
              ? before.with(snapshot)
              : Directive.of(snapshot));
      return true;
    } catch (InvalidProtocolBufferException | IllegalArgumentException | InvalidPlan e) {
      LOG.error("rollout {}: its snapshot can't be read; its devices are left alone", rollout, e);
      return false;
    }
  }
}
