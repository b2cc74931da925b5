package dev.earshot.agent.update;

/**
 * What a device remembers of the director's newest order that it took: the next one must be newer.
 *
 * @param version of the order; 0 before the first
 * @param issuedMillis the latest moment that an order told, fleet clock (Unix ms): it is at least
 *     as late, whatever the device's own clock says
 * @param keys which director's keys these two were signed with; with other keys both begin anew,
 *     because a thief of the old ones may have counted to the end
 * @param manifestLength bytes of the manifest that it ordered; 0 when it cancelled
 */
public record LastOrder(long version, long issuedMillis, String keys, int manifestLength) {
  /** Before the first. */
  public static final LastOrder NONE = new LastOrder(0, 0, "", 0);

  /** This, or what was known already where that is later: an order may have waited for its turn. */
  LastOrder after(LastOrder before) {
    return before.keys.equals(keys)
        ? new LastOrder(
            Math.max(version, before.version),
            Math.max(issuedMillis, before.issuedMillis),
            keys,
            manifestLength)
        : this;
  }
}
