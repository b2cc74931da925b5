package dev.earshot.simulator.device;

/**
 * Where a gateway listens for MQTT.
 *
 * @param port 1 to 65535
 */
public record GatewayAddress(String host, int port) {
  public GatewayAddress {
    if (host.isBlank() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "gateway: '" + host + ":" + port + "' (expected: host:port, such as localhost:1883)");
    }
  }

  /** Parses {@code host:port}. */
  public static GatewayAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      return new GatewayAddress(
          colon < 0 ? "" : text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "gateway: '" + text + "' (expected: host:port, such as localhost:1883)", e);
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
