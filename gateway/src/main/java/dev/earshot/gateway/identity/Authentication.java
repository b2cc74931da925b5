package dev.earshot.gateway.identity;

/** The answer to a connection's credentials. */
public sealed interface Authentication {
  /** The connection is that device's. */
  record Accepted(Proof proof) implements Authentication {}

  /** Nobody knows whose it is; why, for the gateway's log and never for the device. */
  record Refused(String detail) implements Authentication {}
}
