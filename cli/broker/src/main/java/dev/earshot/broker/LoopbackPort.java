package dev.earshot.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Finds out whether a loopback port is free before Kafka tries: Kafka answers a clash by ending the
 * process. Another process can still take the port between the probe and Kafka's own bind.
 */
final class LoopbackPort {
  static final String HOST = "127.0.0.1";

  private static final byte[] ADDRESS = {127, 0, 0, 1};

  private LoopbackPort() {}

  /** The port to use: the one asked for if it is free, any free one for 0. */
  static int choose(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      // As Kafka does: a port whose last connections linger in TIME_WAIT counts as free.
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByAddress(ADDRESS), port));
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new PortInUseException(port, e);
    }
  }
}
