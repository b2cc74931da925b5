package dev.earshot.cli.loss;

import dev.earshot.cli.loss.Network.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes TCP connections on to a port of this machine, through a {@link Network} that can be hurt.
 * Two virtual threads for each connection.
 */
final class FaultyProxy implements AutoCloseable {
  private static final int PIECE = 8 << 10;
  private static final int CONNECT_WITHIN_MILLIS = 3_000;

  private final ServerSocket server;
  private final int target;
  private final Network network = new Network();
  private final Set<Link> links = ConcurrentHashMap.newKeySet();

  /** Begins to listen on one port and connects to another; the target may come and go. */
  FaultyProxy(int port, int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  Network network() {
    return network;
  }

  /** Resets that share of the connections; returns how many. */
  int cut(double share, SplittableRandom random) {
    int cut = 0;
    for (Link link : links) {
      if (random.nextDouble() < share) {
        link.reset();
        cut++;
      }
    }
    return cut;
  }

  /** Resets that share of the connections, each in the middle of what it sends next. */
  void cutInPiece(double share, SplittableRandom random) {
    for (Link link : links) {
      if (random.nextDouble() < share) {
        link.breakAt = random.nextDouble();
      }
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Link link = new Link(server.accept());
        links.add(link);
        Thread.ofVirtual().start(link);
      } catch (IOException e) {
        // Closed, or the client has gone before it was taken.
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    links.forEach(Link::reset);
    network.heal();
  }

  /** One connection. */
  private final class Link implements Runnable {
    private final Socket client;
    private final Socket upstream = new Socket();

    /** Where in its next piece the connection breaks, 0 to 1; negative: nowhere. */
    private volatile double breakAt = -1;

    Link(Socket client) {
      this.client = client;
    }

    @Override
    public void run() {
      try {
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        upstream.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_WITHIN_MILLIS);
        Thread back = Thread.ofVirtual().start(() -> pump(upstream, client, Direction.DOWN));
        pump(client, upstream, Direction.UP);
        back.join();
      } catch (IOException e) {
        // Nobody there, or gone: the client sees a reset.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        reset();
        links.remove(this);
      }
    }

    private void pump(Socket from, Socket to, Direction direction) {
      byte[] piece = new byte[PIECE];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        int length = in.read(piece, 0, network.speed().piece(PIECE));
        while (length >= 0) {
          network.pass(direction, length);
          double broken = direction == Direction.UP ? breakAt : -1;
          if (broken >= 0 && length > 1) {
            out.write(piece, 0, 1 + (int) (broken * (length - 1)));
            // In order, so that the server surely reads the torn packet before the end.
            to.close();
            break;
          }
          out.write(piece, 0, length);
          length = in.read(piece, 0, network.speed().piece(PIECE));
        }
      } catch (IOException e) {
        // Ended by one of both.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      reset();
    }

    /** Ends both sides without a goodbye; what was not yet passed on is gone. */
    void reset() {
      end(client);
      end(upstream);
    }

    private static void end(Socket socket) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        // Closed already.
      }
      try {
        socket.close();
      } catch (IOException e) {
        // As closed as it gets.
      }
    }
  }
}
