package dev.earshot.gateway.limits;

import dev.earshot.protocol.DeviceId;
import java.util.concurrent.atomic.AtomicBoolean;

/** One session's place in its fleet. {@link #message} is the session's event loop's. */
public final class Membership {
  private final Limits limits;
  private final DeviceId device;
  private final DeviceMeters meters;
  private final Fleet fleet;
  private final Meter share;
  private final AtomicBoolean present = new AtomicBoolean(true);
  private MessageLimit slowedBy = MessageLimit.DEVICE_MESSAGES;

  Membership(Limits limits, DeviceId device, DeviceMeters meters, Fleet fleet, long nowNanos) {
    this.limits = limits;
    this.device = device;
    this.meters = meters;
    this.fleet = fleet;
    share = new Meter(nowNanos);
  }

  /**
   * Counts a message that the device has published. It is to be handled in any case; when the
   * device or its fleet sends too fast, the socket is not to be read for a while afterwards. What
   * was read before that takes hold is counted too, and waited for.
   *
   * @param nowNanos by the clock of {@link Limits}
   * @return nanoseconds; 0: go on
   */
  public long message(long nowNanos) {
    Rate rate = limits.deviceMessages();
    long own = meters.messages().takeAlone(rate.intervalNanos(), rate.toleranceNanos(), nowNanos);
    long fleets = fleet.message(share, nowNanos);
    if (own >= fleets) {
      slowedBy = MessageLimit.DEVICE_MESSAGES;
      return own;
    }
    slowedBy = MessageLimit.FLEET_MESSAGES;
    return fleets;
  }

  /** Which limit made {@link #message} answer what it last did, when that was not 0. */
  public MessageLimit slowedBy() {
    return slowedBy;
  }

  /** The largest payload that the device may send; may change. Any thread. */
  public int maxPayloadBytes() {
    return fleet.limits().payloadBytes();
  }

  /** The session has ended. Any thread; only the first call counts. */
  public void leave() {
    if (handOn()) {
      limits.remember(device, meters);
    }
  }

  /** Gives the place back; true for the one call that did. */
  boolean handOn() {
    boolean had = present.compareAndSet(true, false);
    if (had) {
      fleet.leave(limits.nowNanos());
    }
    return had;
  }

  DeviceMeters meters() {
    return meters;
  }
}
