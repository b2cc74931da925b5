package dev.earshot.rollout.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.document.InvalidDocument;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.assignment.Directive;
import dev.earshot.rollout.assignment.Directives;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
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

  /** How far what was read differs from what was known before; later words outweigh earlier. */
  enum Change {
    /** Not at all. */
    NOTHING,
    /** Rates, evidence and progress. */
    PROGRESS,
    /** More devices' clocks may start. */
    PACE,
    /** A rollout came, went, or was decided about. */
    DECISION;

    Change or(Change other) {
      return compareTo(other) >= 0 ? this : other;
    }
  }

  DirectiveView(ReadOnlyKeyValueStore<String, byte[]> store) {
    this.store = store;
    refresh();
  }

  Directives directives() {
    return directives;
  }

  /** Reads what has changed. A rollout that is no longer in the store is no longer known. */
  Change refresh() {
    Change change = Change.NOTHING;
    Set<String> present = new HashSet<>();
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<String, byte[]> entry = all.next();
        // The global thread may remove an entry while this one walks over the keys.
        byte @Nullable [] bytes = entry.value;
        if (bytes != null) {
          present.add(entry.key);
          change = change.or(take(entry.key, bytes));
        }
      }
    }
    seen.keySet().retainAll(present);
    if (compiled.keySet().retainAll(present)) {
      change = Change.DECISION;
    }
    if (change != Change.NOTHING) {
      directives = new Directives(compiled.values());
    }
    return change;
  }

  private Change take(String rollout, byte[] bytes) {
    if (Arrays.equals(seen.put(rollout, bytes), bytes)) {
      return Change.NOTHING;
    }
    try {
      RolloutSnapshot snapshot = RolloutSnapshot.parseFrom(bytes);
      Directive before = compiled.get(rollout);
      compiled.put(
          rollout,
          before != null && before.snapshot().getPlan().equals(snapshot.getPlan())
              ? before.with(snapshot)
              : Directive.of(snapshot));
      return before == null ? Change.DECISION : change(before.snapshot(), snapshot);
    } catch (InvalidProtocolBufferException | IllegalArgumentException | InvalidDocument e) {
      LOG.error("rollout {}: its snapshot can't be read; its devices are left alone", rollout, e);
      return Change.NOTHING;
    }
  }

  private static Change change(RolloutSnapshot before, RolloutSnapshot after) {
    if (before.getRevision() != after.getRevision()) {
      return Change.DECISION;
    }
    return before.getReleased() < after.getReleased() ? Change.PACE : Change.PROGRESS;
  }
}
