package dev.earshot.registry;

import dev.earshot.registry.release.Admission;
import dev.earshot.registry.release.PublishedRelease;
import dev.earshot.registry.release.ReleaseCatalog;
import dev.earshot.registry.release.ReleaseLedger;

/** A ledger for tests that are not about Kafka. */
public final class InMemoryLedger implements ReleaseLedger {
  private volatile ReleaseCatalog catalog = ReleaseCatalog.EMPTY;
  private volatile String problem = "";

  @Override
  public ReleaseCatalog catalog() {
    return catalog;
  }

  @Override
  public String problem() {
    return problem;
  }

  /** As if the topic had not been read yet. */
  public void unready(String why) {
    problem = why;
  }

  @Override
  public synchronized Admission append(PublishedRelease candidate) {
    Admission admission = catalog.admit(candidate);
    if (admission instanceof Admission.Added) {
      catalog = catalog.with(candidate);
    }
    return admission;
  }
}
