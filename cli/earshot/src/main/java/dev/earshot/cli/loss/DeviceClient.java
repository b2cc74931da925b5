package dev.earshot.cli.loss;

import dev.earshot.cli.loss.Packets.Packet;
import dev.earshot.cli.loss.Packets.Version;
import dev.earshot.protocol.MqttTopic;
import dev.earshot.protocol.MqttTopic.Channel;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One device: connects, sends what its outbox holds, and starts over with what is unacknowledged
 * whenever the connection ends. Runs on a virtual thread, and on a second one for the answers.
 */
final class DeviceClient implements Runnable {
  /**
   * How long an answer may take before the connection is taken for dead: longer than the gateway
   * waits for Kafka.
   */
  static final int ANSWER_WITHIN_MILLIS = 6_000;

  private static final int CONNECT_WITHIN_MILLIS = 3_000;
  private static final int KEEP_ALIVE_SECONDS = 300;
  private static final long SHORTEST_REST_MILLIS = 50;
  private static final long LONGEST_REST_MILLIS = 1_000;
  private static final int REFUSED = 0x80;

  private final Version version;
  private final int gatewayPort;
  private final Outbox outbox;
  private final Tally tally;
  private final SplittableRandom random;
  private final String name;
  private final String topic;
  private volatile boolean closed;

  DeviceClient(
      int device,
      Version version,
      int gatewayPort,
      Outbox outbox,
      Tally tally,
      SplittableRandom random) {
    this.version = version;
    this.gatewayPort = gatewayPort;
    this.outbox = outbox;
    this.tally = tally;
    this.random = random;
    this.name = Numbered.id(device).toString();
    this.topic = new MqttTopic(Numbered.id(device), Channel.HEARTBEAT).toString();
  }

  /** Ends the device after its present connection, or with an interrupt at once. */
  void close() {
    closed = true;
    outbox.disconnected();
  }

  @Override
  public void run() {
    long restMillis = SHORTEST_REST_MILLIS;
    try {
      while (!closed) {
        boolean welcome = session();
        restMillis = welcome ? SHORTEST_REST_MILLIS : Math.min(2 * restMillis, LONGEST_REST_MILLIS);
        TimeUnit.MILLISECONDS.sleep(random.nextLong(restMillis / 2, restMillis));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One connection; tells whether the gateway let the device in. */
  private boolean session() throws InterruptedException {
    boolean welcome = false;
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), gatewayPort),
          CONNECT_WITHIN_MILLIS);
      socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
      OutputStream out = socket.getOutputStream();
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      out.write(Packets.connect(version, name, KEEP_ALIVE_SECONDS));
      Packet connack = Packets.read(in.read(), in);
      if (connack.type() != Packets.CONNACK || connack.connectCode() != 0) {
        tally.refusedConnections.increment();
        return false;
      }
      welcome = true;
      tally.connections.increment();
      outbox.connected(Packets.receiveMaximum(version, connack));
      exchange(socket, in, out);
    } catch (SocketTimeoutException e) {
      tally.silences.increment();
    } catch (IOException e) {
      // Cut, refused or closed: that is what this is about. The next connection sends it again.
    }
    return welcome;
  }

  private void exchange(Socket socket, DataInputStream in, OutputStream out)
      throws IOException, InterruptedException {
    Thread answers = Thread.ofVirtual().start(() -> listen(socket, in));
    try {
      Optional<Outbox.Outgoing> next = outbox.take();
      while (next.isPresent()) {
        Outbox.Outgoing one = next.get();
        tally.published.increment();
        if (one.again()) {
          tally.repeated.increment();
        }
        out.write(
            Packets.publish(version, topic, one.packetId(), one.again(), one.message().payload()));
        next = outbox.take();
      }
    } finally {
      socket.close();
      joinSurely(answers);
    }
  }

  /**
   * Also when interrupted: nothing may be acknowledged behind the back of who closes the device.
   */
  private static void joinSurely(Thread answers) {
    boolean interrupted = false;
    while (answers.isAlive()) {
      try {
        answers.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes answers until the connection ends; then the outbox knows that it has. */
  private void listen(Socket socket, DataInputStream in) {
    try (socket) {
      boolean open = true;
      while (open) {
        open = answer(in);
      }
    } catch (SocketTimeoutException e) {
      tally.silences.increment();
    } catch (IOException e) {
      // See above.
    } finally {
      outbox.disconnected();
    }
  }

  private boolean answer(DataInputStream in) throws IOException {
    int first;
    try {
      first = in.read();
    } catch (SocketTimeoutException e) {
      if (outbox.awaits()) {
        throw e;
      }
      return true;
    }
    Packet packet = Packets.read(first, in);
    switch (packet.type()) {
      case Packets.PUBACK -> acknowledged(packet);
      case Packets.DISCONNECT -> {
        return false;
      }
      default -> {
        tally.wrongAnswer(name + ": a packet of type " + packet.type());
        return false;
      }
    }
    return true;
  }

  private void acknowledged(Packet packet) {
    int id = packet.packetId();
    if (packet.acknowledgeCode() >= REFUSED) {
      tally.wrongAnswer(
          "%s: a good heartbeat, packet id %d, was refused with 0x%02x"
              .formatted(name, id, packet.acknowledgeCode()));
      return;
    }
    switch (outbox.acknowledged(id)) {
      case OLDEST -> tally.acknowledged(System.nanoTime());
      case OVERTAKING -> {
        tally.acknowledged(System.nanoTime());
        tally.wrongAnswer(name + ": packet id " + id + " was acknowledged before an older one");
      }
      case UNKNOWN ->
          tally.wrongAnswer(name + ": packet id " + id + " was acknowledged, which is not sent");
    }
  }
}
