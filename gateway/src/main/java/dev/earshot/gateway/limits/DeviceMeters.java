package dev.earshot.gateway.limits;

/**
 * What one device has done lately. It outlives the device's sessions, or coming back would be a way
 * to begin anew.
 *
 * @param connects any thread
 * @param messages the event loop of the device's session
 */
record DeviceMeters(Meter connects, Meter messages) {
  DeviceMeters(long nowNanos) {
    this(new Meter(nowNanos), new Meter(nowNanos));
  }
}
