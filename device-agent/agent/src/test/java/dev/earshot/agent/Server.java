package dev.earshot.agent;

import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.UpdateReport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server makes of a device's statuses: the newest by (boot id, sequence) is the picture, and
 * each command has the last result that was told of it.
 */
final class Server {
  private final Set<Long> seen = new HashSet<>();
  private final Map<String, UpdateReport> results = new HashMap<>();
  private @Nullable DeviceStatus picture;

  /** Statuses come at least once, and no number means two things. */
  void take(DeviceStatus status) {
    long order = order(status);
    if (!seen.add(order)) {
      throw new AssertionError("two statuses are number " + order + ": " + status);
    }
    DeviceStatus before = picture;
    if (before == null || order > order(before)) {
      picture = status;
    }
    if (status.hasUpdate() && status.getUpdate().getStateValue() >= 6) {
      results.put(status.getUpdate().getCommandId(), status.getUpdate());
    }
  }

  private static long order(DeviceStatus status) {
    return ((long) status.getBootId() << 32) + status.getSequence();
  }

  DeviceStatus picture() {
    DeviceStatus newest = picture;
    if (newest == null) {
      throw new AssertionError("nothing was told");
    }
    return newest;
  }

  /** The release that listens, as the server believes. */
  String release() {
    DeviceStatus status = picture();
    return status.getSlotsList().stream()
        .filter(slot -> slot.getSlot() == status.getActiveSlot())
        .findFirst()
        .orElseThrow()
        .getRelease();
  }

  /** How that command ended, as far as it was told. */
  @Nullable UpdateReport result(String commandId) {
    return results.get(commandId);
  }
}
