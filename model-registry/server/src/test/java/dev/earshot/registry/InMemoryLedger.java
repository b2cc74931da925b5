package dev.earshot.registry;

import dev.earshot.registry.ledger.Change;
import dev.earshot.registry.ledger.RegistryLedger;
import dev.earshot.registry.ledger.RegistryState;
import java.util.function.Function;

/** A ledger for tests that are not about Kafka. */
public final class InMemoryLedger implements RegistryLedger {
  private volatile RegistryState state;
  private volatile String problem = "";

  public InMemoryLedger() {
    this(RegistryState.EMPTY);
  }

  public InMemoryLedger(RegistryState initial) {
    state = initial;
  }

  @Override
  public RegistryState state() {
    return state;
  }

  @Override
  public String problem() {
    return problem;
  }

  /** As if the topics had not been read yet. */
  public void unready(String why) {
    problem = why;
  }

  @Override
  public synchronized <T> T transact(Function<RegistryState, Change<T>> decision) {
    Change<T> change = decision.apply(state);
    state = state.withAll(change.records());
    return change.answer();
  }
}
