package dev.earshot.gateway.limits;

import dev.earshot.gateway.metrics.RefusalReason;

/** Whether a device that has proved who it is may begin a session. */
public sealed interface Entry {
  /** It may, and holds a place in its fleet until it leaves. */
  record Admitted(Membership membership) implements Entry {}

  /** It may not, now; nothing is held. */
  record Refused(RefusalReason reason) implements Entry {}
}
