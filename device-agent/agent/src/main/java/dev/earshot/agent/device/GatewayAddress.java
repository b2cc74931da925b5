package dev.earshot.agent.device;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where the gateway is: {@code mqtts://HOST[:8883]} for TLS, {@code mqtt://HOST[:1883]} or {@code
 * HOST:PORT} without.
 */
record GatewayAddress(boolean tls, String host, int port) {
  private static final String EXPECTED =
      " (expected: mqtts://HOST, mqtt://HOST or HOST:PORT, such as localhost:1883)";

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when it is none; the message says what was expected
   */
  static GatewayAddress parse(String text) {
    boolean bare = text.matches("[^:/]+:\\d{1,5}|\\[[0-9a-fA-F:]+]:\\d{1,5}");
    URI uri;
    try {
      uri = new URI(bare ? "mqtt://" + text : text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("'" + text + "'" + EXPECTED, e);
    }
    String scheme = String.valueOf(uri.getScheme());
    boolean tls = scheme.equals("mqtts");
    String path = uri.getRawPath();
    if ((!tls && !scheme.equals("mqtt"))
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || !(path == null || path.isEmpty() || path.equals("/"))) {
      throw new IllegalArgumentException("'" + text + "'" + EXPECTED);
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 8883 : 1883;
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "'" + text + "': port " + port + " (expected: 1 to 65535)");
    }
    return new GatewayAddress(tls, uri.getHost(), port);
  }

  /** As Paho wants it. */
  String serverUri() {
    return (tls ? "ssl://" : "tcp://") + host + ":" + port;
  }

  @Override
  public String toString() {
    return (tls ? "mqtts://" : "mqtt://") + host + ":" + port;
  }
}
