package dev.earshot.gateway.identity;

/** How devices prove who they are. */
public enum DeviceAuth {
  /** Nobody chose; a gateway does not start like this. */
  UNDECIDED("undecided"),
  /** The user name is believed. For a desk, never for a network that others can reach. */
  DEVELOPMENT("development"),
  /** By an X.509 certificate of their own, in the TLS handshake. */
  CERTIFICATE("certificate"),
  /** By a signed token (JWT) as the MQTT password. */
  TOKEN("token"),
  /** By either; the certificate counts when there is one. */
  CERTIFICATE_OR_TOKEN("certificate-or-token");

  private final String word;

  DeviceAuth(String word) {
    this.word = word;
  }

  /** Parses the setting's value. */
  public static DeviceAuth parse(String text) {
    for (DeviceAuth auth : values()) {
      if (auth != UNDECIDED && auth.word.equals(text)) {
        return auth;
      }
    }
    throw new IllegalArgumentException("no such mode");
  }

  /** Whether a client certificate can prove it. */
  public boolean takesCertificates() {
    return this == CERTIFICATE || this == CERTIFICATE_OR_TOKEN;
  }

  /** Whether a token can prove it. */
  public boolean takesTokens() {
    return this == TOKEN || this == CERTIFICATE_OR_TOKEN;
  }
}
