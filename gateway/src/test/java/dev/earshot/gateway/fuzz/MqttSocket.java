package dev.earshot.gateway.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.earshot.gateway.TestObjects;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** A connection whose every byte the test decides. Not for several threads at once. */
final class MqttSocket implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 15_000;

  private final Socket socket;
  private final DataInputStream in;

  private MqttSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  /** A connection on which nothing was said yet. */
  static MqttSocket open(int port) throws IOException {
    return open(port, 0);
  }

  /**
   * The same with that much room for what was not read yet.
   *
   * @param receiveBytes 0 for the system's choice
   */
  static MqttSocket open(int port, int receiveBytes) throws IOException {
    Socket socket = new Socket();
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
    return new MqttSocket(socket);
  }

  /** A session of that device. */
  static MqttSocket session(int port, int version, String device) throws IOException {
    return session(port, version, device, 0);
  }

  static MqttSocket session(int port, int version, String device, int receiveBytes)
      throws IOException {
    return session(open(port, receiveBytes), version, device);
  }

  /** A session of that device over TLS. */
  static MqttSocket tlsSession(int port, SSLContext tls, int version, String device)
      throws IOException {
    Socket socket = open(port).socket;
    return session(
        new MqttSocket(
            tls.getSocketFactory()
                .createSocket(socket, "127.0.0.1", socket.getPort(), /* autoClose= */ true)),
        version,
        device);
  }

  private static MqttSocket session(MqttSocket opened, int version, String device)
      throws IOException {
    opened.send(Wire.connect(version, device, 60));
    Answers.Answer answer = opened.read();
    if (answer.first() != Wire.CONNACK || answer.body()[1] != 0) {
      opened.close();
      throw new IOException("refused with " + (answer.body()[1] & 0xFF));
    }
    return opened;
  }

  /** A session of that device over WebSocket, in version 3.1.1. */
  static MqttSocket webSocketSession(int port, String device, int receiveBytes) throws IOException {
    MqttSocket opened = open(port, receiveBytes);
    opened.send(WebSocketFrames.request("/mqtt", "mqtt"));
    String answer = opened.readHttp();
    assertEquals("HTTP/1.1 101 Switching Protocols", answer.lines().findFirst().orElse(""));
    opened.send(WebSocketFrames.binary(Wire.connect(4, device, 60)));
    // A frame of four bytes, and the CONNACK in it.
    assertEquals(List.of(0x82, 4, 0x20, 2, 0, 0), opened.readBytes(6));
    return opened;
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** The gateway's next packet; waits for it. */
  Answers.Answer read() throws IOException {
    int first = in.readUnsignedByte();
    int remaining = 0;
    int digit;
    int shift = 0;
    do {
      digit = in.readUnsignedByte();
      remaining |= (digit & 0x7F) << shift;
      shift += 7;
    } while (digit > 0x7F);
    byte[] body = new byte[remaining];
    in.readFully(body);
    return new Answers.Answer(first, body);
  }

  /** An HTTP answer without a body. */
  String readHttp() throws IOException {
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) in.readUnsignedByte());
    }
    return answer.toString();
  }

  /** So many bytes, as numbers from 0 to 255. */
  List<Integer> readBytes(int count) throws IOException {
    List<Integer> bytes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bytes.add(in.readUnsignedByte());
    }
    return bytes;
  }

  /** Publishes a heartbeat, and waits for its PUBACK. */
  void publishAcknowledged(int version, String device, int packetId) throws IOException {
    send(
        Wire.publish(
            version,
            Wire.topic(device, "heartbeat"),
            packetId,
            TestObjects.heartbeat(packetId).build().toByteArray()));
    Answers.Answer answer = read();
    if (answer.type() != Wire.PUBACK || answer.packetId() != packetId) {
      throw new AssertionError("no PUBACK but a packet that begins with " + answer.first());
    }
  }

  /** Whether the gateway closes the connection within that time; reads what it says until then. */
  boolean isClosedWithin(long millis) throws IOException {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      while (true) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        socket.setSoTimeout((int) Math.max(1, left));
        if (in.read() < 0) {
          return true;
        }
      }
    } catch (SocketTimeoutException e) {
      return false;
    } catch (EOFException | SocketException e) {
      return true;
    }
  }

  /** Goes without a word, and without a FIN. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
