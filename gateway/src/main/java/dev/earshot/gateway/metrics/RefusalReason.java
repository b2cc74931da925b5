package dev.earshot.gateway.metrics;

/** Why a connection did not become a session. */
public enum RefusalReason {
  CREDENTIALS("credentials"),
  /** Only MQTT 3.1.1 is spoken. */
  PROTOCOL_VERSION("protocol_version"),
  /** The gateway itself announces that a device is gone; no device leaves a will. */
  WILL("will"),
  GATEWAY_CLOSING("gateway_closing");

  private final String label;

  RefusalReason(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
