package dev.earshot.registry.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A wire between a client and a real server, on which everything that wires do can be done. */
final class FaultyWire implements AutoCloseable {
  /** What happens to connections that are made from now on. */
  sealed interface Fault {
    /** Nothing. */
    record None() implements Fault {}

    /** Cut after so many bytes of the answer. */
    record CutAnswer(int after) implements Fault {}

    /** Cut after so many bytes of the request. */
    record CutRequest(int after) implements Fault {}

    /** One bit of that byte of the request arrives as the other. */
    record FlipRequest(int at) implements Fault {}

    /** One bit of that byte of the answer arrives as the other. */
    record FlipAnswer(int at) implements Fault {}

    /** Nothing of the answer after so many bytes, and no end either. */
    record Silence(int after) implements Fault {}

    /** So many connections are answered with a status and an end; then none. */
    record Status(int status, int times) implements Fault {}
  }

  private static final int CHUNK = 8192;

  private final int target;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile Fault fault = new Fault.None();

  FaultyWire(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Sets the fault and ends connections that were made before it. */
  void set(Fault next) {
    fault = next;
    answered.set(0);
    open.forEach(FaultyWire::end);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        open.add(client);
        Thread.startVirtualThread(() -> connect(client, fault));
      }
    } catch (IOException e) {
      // Closed: the test is over.
      return;
    }
  }

  private void connect(Socket client, Fault now) {
    try {
      if (now instanceof Fault.Status status && answered.getAndIncrement() < status.times()) {
        refuse(client, status.status());
        return;
      }
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      open.add(server);
      Thread.startVirtualThread(() -> pipe(client, server, true, now));
      pipe(server, client, false, now);
    } catch (IOException e) {
      end(client);
    }
  }

  /** Reads what is sent while it answers, so that the end does not overtake the answer. */
  private static void refuse(Socket client, int status) throws IOException {
    String head = "HTTP/1.1 " + status + " x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    client.getInputStream().read(new byte[CHUNK]);
    client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    client.shutdownOutput();
    while (client.getInputStream().read(new byte[CHUNK]) >= 0) {
      continue;
    }
    end(client);
  }

  private static void pipe(Socket from, Socket to, boolean request, Fault fault) {
    byte[] chunk = new byte[CHUNK];
    long passed = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int got = in.read(chunk); got >= 0; got = in.read(chunk)) {
        int most = (int) Math.min(got, Math.max(0, limit(fault, request) - passed));
        flip(fault, request, chunk, passed, got);
        out.write(chunk, 0, most);
        passed += got;
        if (most < got && !(fault instanceof Fault.Silence)) {
          break;
        }
      }
    } catch (IOException e) {
      // The other direction has ended it.
    } finally {
      end(from);
      end(to);
    }
  }

  private static long limit(Fault fault, boolean request) {
    return switch (fault) {
      case Fault.CutAnswer cut when !request -> cut.after();
      case Fault.CutRequest cut when request -> cut.after();
      case Fault.Silence silence when !request -> silence.after();
      case Fault.None ignored -> Long.MAX_VALUE;
      case Fault.CutAnswer ignored -> Long.MAX_VALUE;
      case Fault.CutRequest ignored -> Long.MAX_VALUE;
      case Fault.FlipRequest ignored -> Long.MAX_VALUE;
      case Fault.FlipAnswer ignored -> Long.MAX_VALUE;
      case Fault.Silence ignored -> Long.MAX_VALUE;
      case Fault.Status ignored -> Long.MAX_VALUE;
    };
  }

  private static void flip(Fault fault, boolean request, byte[] chunk, long passed, int got) {
    long at =
        fault instanceof Fault.FlipRequest flip && request
            ? flip.at()
            : fault instanceof Fault.FlipAnswer other && !request ? other.at() : -1;
    if (at >= passed && at < passed + got) {
      chunk[(int) (at - passed)] ^= 1;
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    open.forEach(FaultyWire::end);
  }
}
