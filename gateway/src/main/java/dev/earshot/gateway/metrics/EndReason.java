package dev.earshot.gateway.metrics;

/** Why a session ended; its label is in the session event and on the metric. */
public enum EndReason {
  CLIENT_DISCONNECTED("client_disconnected"),
  CONNECTION_LOST("connection_lost"),
  TAKEN_OVER("taken_over"),
  /** It published where, or how, no device may. */
  NOT_ALLOWED("not_allowed"),
  /** Another gateway has the device's newer session. */
  TAKEN_OVER_ELSEWHERE("taken_over_elsewhere"),
  MALFORMED_PACKET("malformed_packet"),
  /** A packet that the standard forbids, or forbids there. */
  PROTOCOL_ERROR("protocol_error"),
  RECEIVE_MAXIMUM_EXCEEDED("receive_maximum_exceeded"),
  KEEP_ALIVE_TIMEOUT("keep_alive_timeout"),
  /** What proved whose it is has expired or was withdrawn. */
  NO_LONGER_BELIEVED("no_longer_believed"),
  /** A message could not be stored; the device is to come back and send it again. */
  KAFKA_UNAVAILABLE("kafka_unavailable"),
  GATEWAY_CLOSING("gateway_closing");

  private final String label;

  EndReason(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
