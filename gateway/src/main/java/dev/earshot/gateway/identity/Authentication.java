package dev.earshot.gateway.identity;

import dev.earshot.protocol.DeviceId;

/** The answer to a connection's credentials. */
public sealed interface Authentication {
  /** The connection is this device's. */
  record Accepted(DeviceId device) implements Authentication {}

  /** Nobody knows whose it is; why, for the gateway's log and never for the device. */
  record Refused(String detail) implements Authentication {}
}
