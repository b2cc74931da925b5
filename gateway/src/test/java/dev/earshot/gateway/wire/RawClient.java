package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A device's end of a connection, as bytes: sends whatever it is told to, and reads packet by
 * packet, each within a deadline. It answers nothing by itself.
 */
final class RawClient implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 15_000;
  private static final String FLEET = "home";

  private final Line line;
  private final Version version;
  private final String name;

  /** A connection on which nothing was sent yet. */
  RawClient(Line line, Version version, String name) {
    this.line = line;
    this.version = version;
    this.name = name;
  }

  Version version() {
    return version;
  }

  /** {@code fleet/device}. */
  String key() {
    return FLEET + "/" + name;
  }

  String topic(String channel) {
    return "earshot/v1/" + key() + "/" + channel;
  }

  /** A good CONNECT of this device, to spoil. */
  Connect connect() {
    return Connect.of(version, key());
  }

  /** Connects, and fails unless the gateway accepts. */
  RawClient connected() throws IOException {
    return connected(connect());
  }

  RawClient connected(Connect connect) throws IOException {
    send(connect.bytes());
    Packet answer = read();
    switch (version) {
      case V3_1_1 -> assertEquals("20 02 00 00", answer.hex());
      case V5 -> {
        assertEquals(0, answer.connAck().reason(), answer::hex);
        assertEquals(0, answer.connAck().flags(), "session present");
      }
    }
    return this;
  }

  /** All parts in one write. */
  void send(byte[]... parts) throws IOException {
    line.send(Bytes.concat(parts));
  }

  /** One write for each byte. */
  void sendByteByByte(byte[] bytes) throws IOException {
    for (byte one : bytes) {
      line.send(new byte[] {one});
    }
  }

  /** The next packet. */
  Packet read() throws IOException {
    Packet packet = read(PATIENCE_MILLIS);
    if (packet == null) {
      throw new EOFException("closed, but a packet was expected");
    }
    return packet;
  }

  /**
   * The next packet; null when the gateway has closed instead.
   *
   * @throws SocketTimeoutException when neither happens in time
   */
  @Nullable Packet read(long patienceMillis) throws IOException {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    int first = readByte(deadlineNanos);
    if (first < 0) {
      return null;
    }
    int length = 0;
    int shift = 0;
    int more;
    do {
      more = readByte(deadlineNanos);
      length |= (more & 0x7F) << shift;
      shift += 7;
    } while ((more & 0x80) != 0);
    byte[] body = new byte[length];
    for (int i = 0; i < length; i++) {
      body[i] = (byte) readByte(deadlineNanos);
    }
    return new Packet(first, body);
  }

  private int readByte(long deadlineNanos) throws IOException {
    try {
      return line.read(TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (SocketException e) {
      // Reset: it was closed before it had read everything.
      return -1;
    }
  }

  /** Whether nothing at all comes for so long. */
  boolean isQuiet(long millis) throws IOException {
    try {
      Packet packet = read(millis);
      throw new AssertionError(packet == null ? "closed" : "came: " + packet.hex());
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  /** The next packet acknowledges that message: the four bytes that both versions share. */
  void assertAcknowledged(int packetId) throws IOException {
    assertEquals(Bytes.hex(Packets.puback(packetId)), read().hex());
  }

  /** The next packet is MQTT 5's "no" to that message. */
  void assertAcknowledged(int packetId, int reason) throws IOException {
    Packet packet = read();
    assertEquals(new Packet.PubAck(packetId, reason), packet.pubAck(), packet::hex);
  }

  /** The next packet is that MQTT 5 DISCONNECT and then the connection ends; 3.1.1: just ends. */
  void assertEnds(int reason) throws IOException {
    if (version == Version.V5) {
      Packet packet = read();
      assertEquals(
          Integer.toHexString(reason), Integer.toHexString(packet.disconnectReason()), packet::hex);
    }
    assertClosed();
  }

  /** Nothing comes any more: the gateway has closed, or closes now. */
  void assertClosed() throws IOException {
    Packet packet = read(PATIENCE_MILLIS);
    if (packet != null) {
      throw new AssertionError("closed was expected, but " + packet.hex() + " came");
    }
  }

  /** Whatever was sent before has been worked on, nothing was answered, and the line is open. */
  void assertAlive() throws IOException {
    send(Packets.PINGREQ);
    assertEquals("d0 00", read().hex());
  }

  /** Subscribes to this device's commands. */
  void subscribe() throws IOException {
    send(Packets.subscribe(version, 10, topic("command")));
    assertEquals(
        switch (version) {
          case V3_1_1 -> "90 03 00 0a 01";
          case V5 -> "90 04 00 0a 00 01";
        },
        read().hex());
  }

  /** Breaks the connection without a word. */
  @Override
  public void close() {
    line.close();
  }
}
