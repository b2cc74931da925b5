package dev.earshot.registry.ledger;

import java.util.List;

/**
 * What was decided.
 *
 * @param answer for whoever asked
 * @param records to be written together, in this order; none when nothing changes
 */
public record Change<T>(T answer, List<RegistryRecord> records) {
  public Change {
    records = List.copyOf(records);
  }

  /** An answer that changes nothing. */
  public static <T> Change<T> none(T answer) {
    return new Change<>(answer, List.of());
  }

  public static <T> Change<T> of(T answer, RegistryRecord... records) {
    return new Change<>(answer, List.of(records));
  }
}
