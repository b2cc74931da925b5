package dev.earshot.cli.loss;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that no outgoing connection is given. A server that is down for a while would lose one of
 * the others to somebody who connects; or those who try to connect to it again and again would end
 * up connected to themselves.
 */
final class QuietPort {
  private static final int LOWEST = 20_000;

  /** Linux gives out 32768 and above, others 49152 and above. */
  private static final int BEYOND = 32_000;

  private static final int TRIES = 100;

  private QuietPort() {}

  /** One that nobody listens on now. */
  static int choose() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return port;
      } catch (IOException e) {
        // Taken; the next one.
      }
    }
    throw new IOException("no free port from " + LOWEST + " to " + BEYOND);
  }
}
