package dev.earshot.gateway.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks on the framing of MQTT over WebSocket; after each the gateway is as it was. */
@Timeout(120)
class HostileWebSocketsIT {
  private static final long AT_ONCE_MILLIS = 2_000;
  private static final long FLOOD_BYTES = 32L << 20;
  private static final long FLOOD_TOLERANCE_BYTES = 32 << 20;
  private static final int SMALL_RECEIVE_BUFFER = 4 << 10;
  private static final byte[] PING_REQUEST = Wire.packet(Wire.PINGREQ, new byte[0]);

  @TempDir static Path folder;
  private static HostileGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    gateway = HostileGateway.start(folder);
    gateway.assertServes();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @AfterEach
  void gatewayIsAsItWas() throws IOException {
    gateway.assertUnharmed();
  }

  static Stream<Arguments> faults() {
    byte[] ping = {(byte) 0xC0, 0};
    return Stream.of(
        Arguments.of("an unmasked frame", WebSocketFrames.unmasked(0x82, ping, ping.length)),
        Arguments.of("a text frame", WebSocketFrames.frame(0x81, ping, ping.length, 7)),
        Arguments.of("a frame of 2^40 bytes", WebSocketFrames.frame(0x82, ping, 1L << 40, 7)),
        Arguments.of("a frame of 2^63 bytes", WebSocketFrames.frame(0x82, ping, 1L << 63, 7)),
        Arguments.of("a ping of 200 bytes", WebSocketFrames.frame(0x89, new byte[200], 200, 7)),
        Arguments.of("a fragmented ping", WebSocketFrames.frame(0x09, ping, ping.length, 7)),
        Arguments.of("an unknown opcode", WebSocketFrames.frame(0x83, ping, ping.length, 7)),
        Arguments.of("a reserved bit", WebSocketFrames.frame(0xC2, ping, ping.length, 7)),
        Arguments.of(
            "a continuation of nothing", WebSocketFrames.frame(0x80, ping, ping.length, 7)),
        Arguments.of("a close of one byte", WebSocketFrames.frame(0x88, new byte[] {3}, 1, 7)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void faultyFrame_closesTheConnection(String what, byte[] frame) throws IOException {
    try (MqttSocket socket = session(0)) {
      socket.send(frame);
      assertTrue(socket.isClosedWithin(AT_ONCE_MILLIS), what);
    }
  }

  static Stream<Arguments> floods() {
    byte[] pings = Wire.joined(Collections.nCopies(500, PING_REQUEST));
    byte[] endless = WebSocketFrames.frame(0x00, pings, pings.length, 7);
    byte[] control = WebSocketFrames.frame(0x89, new byte[125], 125, 7);
    byte[] empty = WebSocketFrames.frame(0x00, new byte[0], 0, 7);
    return Stream.of(
        Arguments.of("a message that never ends", endless),
        Arguments.of("empty fragments", Wire.joined(Collections.nCopies(500, empty))),
        Arguments.of("ping frames", Wire.joined(Collections.nCopies(200, control))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void floodThatReadsNothing_isBoundedAndStarvesNobody(String what, byte[] chunk)
      throws IOException {
    MemoryMeter before = MemoryMeter.read();
    MqttSocket socket = session(SMALL_RECEIVE_BUFFER);
    // The begin of a message that goes on in the chunks.
    socket.send(WebSocketFrames.frame(0x02, PING_REQUEST, PING_REQUEST.length, 7));
    try (Flood flood = new Flood(socket, chunk, FLOOD_BYTES)) {
      gateway.assertServes();
      long written = flood.untilItStalls();
      gateway.assertServes();
      MemoryMeter during = MemoryMeter.read();
      System.out.printf(
          "%s: %,d bytes went in; before %s, then %s%n", what, written, before, during);
      assertHolds(before, during);
    }
  }

  @Test
  void pingFramesInsteadOfAConnect_areBounded() throws IOException {
    MemoryMeter before = MemoryMeter.read();
    MqttSocket socket = MqttSocket.open(gateway.port(Transport.WEB_SOCKET), SMALL_RECEIVE_BUFFER);
    socket.send(WebSocketFrames.request("/mqtt", "mqtt"));
    byte[] ping = WebSocketFrames.frame(0x89, new byte[125], 125, 7);
    byte[] chunk = Wire.joined(Collections.nCopies(500, ping));
    try (Flood flood = new Flood(socket, chunk, 2 * FLOOD_BYTES)) {
      long written = flood.untilItStalls();
      assertHolds(before, MemoryMeter.read());
      assertTrue(written < 2 * FLOOD_BYTES, "all of it was read");
    }
  }

  @Test
  void headerThatNeverEnds_isRefused() throws IOException {
    MemoryMeter before = MemoryMeter.read();
    MqttSocket socket = MqttSocket.open(gateway.port(Transport.WEB_SOCKET));
    socket.send("GET /mqtt HTTP/1.1\r\n".getBytes(ISO_8859_1));
    byte[] line = ("X-Header: " + "x".repeat(1_000) + "\r\n").getBytes(ISO_8859_1);
    try (Flood flood = new Flood(socket, line, FLOOD_BYTES)) {
      assertTrue(flood.untilItStalls() < FLOOD_BYTES, "all of it was read");
      assertHolds(before, MemoryMeter.read());
    }
  }

  @Test
  void requestsWithoutAnEnd_areBounded() throws IOException {
    MemoryMeter before = MemoryMeter.read();
    MqttSocket socket = MqttSocket.open(gateway.port(Transport.WEB_SOCKET), SMALL_RECEIVE_BUFFER);
    byte[] request = "GET /mqtt HTTP/1.1\r\nHost: gateway\r\n\r\n".getBytes(ISO_8859_1);
    byte[] chunk = Wire.joined(Collections.nCopies(300, request));
    try (Flood flood = new Flood(socket, chunk, FLOOD_BYTES)) {
      flood.untilItStalls();
      gateway.assertServes();
      assertHolds(before, MemoryMeter.read());
    }
  }

  private static MqttSocket session(int receiveBytes) throws IOException {
    int port = gateway.port(Transport.WEB_SOCKET);
    return MqttSocket.webSocketSession(port, "fuzz/socket", receiveBytes);
  }

  private static void assertHolds(MemoryMeter before, MemoryMeter now) {
    String both = "from " + before + " to " + now;
    assertTrue(now.heapBytes() - before.heapBytes() < FLOOD_TOLERANCE_BYTES, both);
    assertTrue(now.directBytes() - before.directBytes() < FLOOD_TOLERANCE_BYTES, both);
  }
}
