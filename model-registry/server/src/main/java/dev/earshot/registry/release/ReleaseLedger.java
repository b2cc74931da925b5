package dev.earshot.registry.release;

/** Where releases are recorded, for all registries together. Thread-safe. */
public interface ReleaseLedger {
  /** What is recorded, as far as this process has read it. */
  ReleaseCatalog catalog();

  /** Why {@link #catalog} can't be relied on (yet); empty when it can. */
  String problem();

  /**
   * Records a candidate that passed the gate, unless {@link ReleaseCatalog#admit} refuses it. Of
   * several registries that do this at the same time one is first and the others see its result.
   * When this returns {@link Admission.Added}, the record is durable and {@link #catalog} shows it.
   * Blocks.
   *
   * @throws LedgerUnavailableException when it could not be recorded, or it is not known whether it
   *     was; asking again is safe
   */
  Admission append(PublishedRelease candidate);
}
