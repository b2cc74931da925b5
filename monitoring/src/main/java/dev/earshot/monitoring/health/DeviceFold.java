package dev.earshot.monitoring.health;

import dev.earshot.protocol.delivery.DeliveryWindow;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SessionEvent;
import dev.earshot.protocol.v1.SlotContent;

/**
 * What each message changes in the view of a device. Applying a message twice is the same as
 * applying it once.
 */
public final class DeviceFold {
  private DeviceFold() {}

  /** What became of a heartbeat: whether its interval counts, and the device after it. */
  public record Counted(DeliveryWindow.Verdict verdict, DeviceHealth device) {}

  /** Counts an interval unless it was counted before. */
  public static Counted apply(DeviceHealth device, Heartbeat beat, long receivedMillis) {
    DeliveryWindow.Outcome outcome = window(device).offer(beat.getBootId(), beat.getSequence());
    if (outcome.verdict() != DeliveryWindow.Verdict.FIRST) {
      return new Counted(outcome.verdict(), device);
    }
    DeliveryWindow window = outcome.window();
    DeviceHealth.Builder next =
        device.toBuilder()
            .setWindowOpen(true)
            .setBoot(window.boot())
            .setHighest(window.highest())
            .setBitmap(window.bitmap())
            .setPreviousBoot(window.previousBoot())
            .setPreviousHighest(window.previousHighest())
            .setPreviousBitmap(window.previousBitmap())
            .setHeartbeats(device.getHeartbeats() + 1)
            .setFalseAccepts(
                device.getFalseAccepts() + Integer.toUnsignedLong(beat.getFalseAccepts()))
            .setListeningMs(device.getListeningMs() + Integer.toUnsignedLong(beat.getListeningMs()))
            .setIntervalMs(Silence.interval(device.getIntervalMs(), beat.getIntervalMs()))
            .setLastHeartbeatMs(Math.max(device.getLastHeartbeatMs(), receivedMillis));
    boolean newest =
        window.boot() == beat.getBootId()
            && window.highest() == Integer.toUnsignedLong(beat.getSequence());
    if (newest) {
      next.setRelease(beat.getRelease())
          .setModelDigest(beat.getModelDigest())
          .setEnvironment(beat.getEnvironment())
          .setBatterySocPct(beat.getBatterySocPct());
    }
    return new Counted(outcome.verdict(), next.build());
  }

  /** Takes over a picture unless a newer one is known. */
  public static DeviceHealth apply(DeviceHealth device, DeviceStatus status) {
    int byBoot = Integer.compareUnsigned(status.getBootId(), device.getStatusBootId());
    int bySequence = Integer.compareUnsigned(status.getSequence(), device.getStatusSequence());
    if (byBoot < 0 || (byBoot == 0 && bySequence < 0)) {
      return device;
    }
    DeviceHealth.Builder next =
        device.toBuilder()
            .setAttributes(status.getAttributes())
            .setActiveSlot(status.getActiveSlot())
            .setStatusBootId(status.getBootId())
            .setStatusSequence(status.getSequence());
    for (SlotContent slot : status.getSlotsList()) {
      if (slot.getSlot() == status.getActiveSlot()) {
        next.setRelease(slot.getRelease()).setModelDigest(slot.getModelDigest());
      }
    }
    if (status.hasUpdate() && !status.getUpdate().equals(device.getUpdate())) {
      next.setUpdate(status.getUpdate()).setUpdates(device.getUpdates() + 1);
    }
    return next.build();
  }

  /** Takes over which rollout and arm the device is in. */
  public static DeviceHealth apply(DeviceHealth device, Assignment assignment) {
    return device.toBuilder()
        .setArm(assignment.getArm())
        .setRollout(assignment.getRollout())
        .build();
  }

  /** Follows the newest session only: a late goodbye of an older one changes nothing. */
  public static DeviceHealth apply(DeviceHealth device, SessionEvent event) {
    if (event.getEpoch() < device.getSessionEpoch()) {
      return device;
    }
    return switch (event.getKind()) {
      case CONNECTED ->
          device.toBuilder().setConnected(true).setSessionEpoch(event.getEpoch()).build();
      case DISCONNECTED, TAKEN_OVER ->
          device.toBuilder().setConnected(false).setSessionEpoch(event.getEpoch()).build();
      case REFUSED, KIND_UNSPECIFIED, UNRECOGNIZED -> device;
    };
  }

  private static DeliveryWindow window(DeviceHealth device) {
    return device.getWindowOpen()
        ? new DeliveryWindow(
            device.getBoot(),
            device.getHighest(),
            device.getBitmap(),
            device.getPreviousBoot(),
            device.getPreviousHighest(),
            device.getPreviousBitmap())
        : DeliveryWindow.EMPTY;
  }
}
