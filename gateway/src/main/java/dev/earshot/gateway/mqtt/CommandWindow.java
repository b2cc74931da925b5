package dev.earshot.gateway.mqtt;

import java.util.HashSet;
import java.util.Set;

/**
 * The packet ids of commands that a device has not acknowledged yet. Bounds what one slow device
 * can hold, and never names two commands alike. Used on the session's event loop only.
 */
final class CommandWindow {
  /** No room. */
  static final int FULL = 0;

  private static final int MAX_UNACKNOWLEDGED = 16;
  private static final int MAX_PACKET_ID = 65_535;

  private final int most;
  private final Set<Integer> unacknowledged = HashSet.newHashSet(0);
  private int last;

  /**
   * @param receiveMaximum as many as the device takes at once, at least 1
   */
  CommandWindow(int receiveMaximum) {
    most = Math.min(MAX_UNACKNOWLEDGED, receiveMaximum);
  }

  /** An id for the next command, or {@link #FULL}. */
  int open() {
    if (unacknowledged.size() == most) {
      return FULL;
    }
    do {
      last = last == MAX_PACKET_ID ? 1 : last + 1;
    } while (!unacknowledged.add(last));
    return last;
  }

  /** Whether that id was waiting for its acknowledgement. */
  boolean close(int packetId) {
    return unacknowledged.remove(packetId);
  }
}
