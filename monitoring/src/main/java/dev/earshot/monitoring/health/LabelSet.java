package dev.earshot.monitoring.health;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of some labels, under which something is counted.
 *
 * @param <K> the set itself
 */
public interface LabelSet<K extends LabelSet<K>> {
  /** Label values, in the order of the type's {@code NAMES}. */
  List<String> values();

  /** The value of that label; null when the set does not have it. */
  @Nullable String value(LabelKind kind);

  /** The same set with the folded values replaced. */
  K folded(LabelFold fold);

  /** The key in stores and topics. */
  default String encode() {
    return String.join("|", values());
  }
}
