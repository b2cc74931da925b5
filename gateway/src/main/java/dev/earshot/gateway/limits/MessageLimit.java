package dev.earshot.gateway.limits;

/** Which limit a message was above. */
public enum MessageLimit {
  DEVICE_MESSAGES("device_messages"),
  FLEET_MESSAGES("fleet_messages");

  private final String label;

  MessageLimit(String label) {
    this.label = label;
  }

  /** As metrics name it. */
  public String label() {
    return label;
  }
}
