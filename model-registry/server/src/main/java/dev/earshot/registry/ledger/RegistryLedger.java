package dev.earshot.registry.ledger;

import java.util.function.Function;

/** Where everything that a registry knows is recorded, for all registries together. Thread-safe. */
public interface RegistryLedger {
  /** What is recorded, as far as this process has read it. */
  RegistryState state();

  /** Why {@link #state} can't be relied on (yet); empty when it can. */
  String problem();

  /**
   * Decides on the newest state and records what follows from it, all of it or nothing. Of several
   * registries that do this at the same time one is first and the others decide on its result: the
   * decision may be asked several times and must depend on the state alone. When this returns, the
   * records are durable and {@link #state} shows them. What the decision throws is thrown on, and
   * nothing is recorded. Blocks.
   *
   * @return the answer of the decision that was recorded
   * @throws LedgerUnavailableException when it could not be recorded, or it is not known whether it
   *     was; asking again is safe
   */
  <T> T transact(Function<RegistryState, Change<T>> decision);
}
