package dev.earshot.registry.ledger;

/** The ledger could not be reached or did not answer in time. Trying again later is safe. */
public final class LedgerUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LedgerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
