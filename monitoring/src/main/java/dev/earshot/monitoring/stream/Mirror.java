package dev.earshot.monitoring.stream;

import dev.earshot.monitoring.health.LabelFold;
import dev.earshot.monitoring.health.LabelSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A store of counts by label with all of it in memory as well, ready to be copied: there are few
 * label sets, however many devices. For use by one thread.
 */
final class Mirror<K extends LabelSet<K>, V> {
  private final KeyValueStore<String, V> store;
  private final BinaryOperator<V> plus;
  private final Predicate<V> isNothing;
  private final Map<K, V> values = new HashMap<>();

  /** Reads the store. */
  Mirror(
      KeyValueStore<String, V> store,
      Function<String, K> decoder,
      BinaryOperator<V> plus,
      Predicate<V> isNothing) {
    this.store = store;
    this.plus = plus;
    this.isNothing = isNothing;
    try (KeyValueIterator<String, V> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<String, V> entry = all.next();
        values.put(decoder.apply(entry.key), entry.value);
      }
    }
  }

  void add(K key, V value) {
    V before = values.get(key);
    V after = before == null ? value : plus.apply(before, value);
    if (isNothing.test(after)) {
      values.remove(key);
      store.delete(key.encode());
    } else {
      values.put(key, after);
      store.put(key.encode(), after);
    }
  }

  /** Moves what is counted under folded labels. */
  void fold(LabelFold fold) {
    for (Map.Entry<K, V> entry : Map.copyOf(values).entrySet()) {
      K folded = entry.getKey().folded(fold);
      if (!folded.equals(entry.getKey())) {
        values.remove(entry.getKey());
        store.delete(entry.getKey().encode());
        add(folded, entry.getValue());
      }
    }
  }

  /** All of it; valid until the next change. */
  Map<K, V> values() {
    return values;
  }
}
