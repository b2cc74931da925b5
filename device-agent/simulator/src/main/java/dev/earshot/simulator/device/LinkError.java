package dev.earshot.simulator.device;

import java.util.Locale;

/** Why a connection to a gateway ended or never came up; a closed set, for metrics. */
public enum LinkError {
  /** The gateway could not be reached: nobody listens, no route, no answer to the connection. */
  UNREACHABLE,
  /** No local address and port were free for another connection to that gateway. */
  NO_LOCAL_PORT,
  /** This process may not open another file. */
  NO_DESCRIPTOR,
  /** Connected, but not served and subscribed in time. */
  NOT_UP_IN_TIME,
  /** The gateway refused the session or its subscription. */
  REFUSED,
  /** The gateway closed the connection. */
  CLOSED_BY_GATEWAY,
  /** The connection broke. */
  BROKEN,
  /** A publication or a ping was not acknowledged in time. */
  NOT_ACKNOWLEDGED,
  /** The gateway sent what MQTT does not allow. */
  PROTOCOL;

  /** As metrics name it: lower case, such as {@code closed_by_gateway}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
