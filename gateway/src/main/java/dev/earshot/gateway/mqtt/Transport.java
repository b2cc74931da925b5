package dev.earshot.gateway.mqtt;

import java.util.Locale;

/** What carries MQTT. */
public enum Transport {
  TCP(false, false),
  TLS(true, false),
  WS(false, true),
  WSS(true, true);

  private final boolean tls;
  private final boolean webSocket;

  Transport(boolean tls, boolean webSocket) {
    this.tls = tls;
    this.webSocket = webSocket;
  }

  boolean isTls() {
    return tls;
  }

  boolean isWebSocket() {
    return webSocket;
  }

  /** The word for metrics. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
