package dev.earshot.gateway.identity;

/** How devices prove who they are. */
public enum DeviceAuth {
  /** Nobody chose; a gateway does not start like this. */
  UNDECIDED,
  /** The user name is believed. For a desk, never for a network that others can reach. */
  DEVELOPMENT;

  /** Parses the setting's value. */
  public static DeviceAuth parse(String text) {
    if (text.equals("development")) {
      return DEVELOPMENT;
    }
    throw new IllegalArgumentException("no such mode");
  }
}
