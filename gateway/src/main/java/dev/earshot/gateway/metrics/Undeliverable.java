package dev.earshot.gateway.metrics;

/**
 * Why a command was not handed to its device. The rollout offers it again; nothing is kept here.
 */
public enum Undeliverable {
  /** The device is not connected here; another gateway may hold it. */
  NO_SESSION("no_session"),
  NOT_SUBSCRIBED("not_subscribed"),
  /** The device has not acknowledged what it was given before. */
  DEVICE_BEHIND("device_behind"),
  /** It came after its own end. */
  EXPIRED("expired"),
  /** The device takes no packet of that size. */
  TOO_LARGE("too_large"),
  /** The record has no key or no value. */
  MALFORMED("malformed");

  private final String label;

  Undeliverable(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
