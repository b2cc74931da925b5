package dev.earshot.registry.release;

/** Carries a refusal out of nested checks; never leaves {@link ReleaseGate}. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  RefusedException(Refusal refusal) {
    super(refusal.detail());
    this.refusal = refusal;
  }

  RefusedException(RefusalReason reason, String field, String detail) {
    this(Refusal.of(reason, field, detail));
  }

  Refusal refusal() {
    return refusal;
  }
}
