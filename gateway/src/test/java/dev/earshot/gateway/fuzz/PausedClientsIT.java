package dev.earshot.gateway.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.TestObjects;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Devices that are above their rate, so that they are not to be read, and send all the same. */
@Timeout(120)
class PausedClientsIT {
  private static final String DEVICE = HostileGateway.SLOW_FLEET + "/device";

  /** More than the system's buffers take on both sides of a connection. */
  private static final long FLOOD_BYTES = 64L << 20;

  /** What one read brings, the buffers for it, and what others do meanwhile. */
  private static final long MOST_HELD_BYTES = 16 << 20;

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

  static Stream<Arguments> floods() {
    byte[] publish =
        Wire.publish(
            4, Wire.topic(DEVICE, "heartbeat"), 1, TestObjects.heartbeat(1).build().toByteArray());
    byte[] publishes = Wire.joined(Collections.nCopies(200, publish));
    byte[] framed = WebSocketFrames.binary(publishes);
    byte[] ping = WebSocketFrames.frame(0x89, new byte[0], 0, 7);
    byte[] pong = WebSocketFrames.frame(0x8A, new byte[0], 0, 7);
    return Stream.of(
        Arguments.of("publishes", Transport.TCP, publishes),
        Arguments.of("publishes", Transport.TLS, publishes),
        Arguments.of("publishes", Transport.WEB_SOCKET, framed),
        Arguments.of(
            "publishes and pings", Transport.WEB_SOCKET, Wire.joined(List.of(framed, ping))),
        Arguments.of(
            "publishes and pongs", Transport.WEB_SOCKET, Wire.joined(List.of(framed, pong))));
  }

  @ParameterizedTest(name = "{0} over {1}")
  @MethodSource("floods")
  void floodAboveTheRate_isNotRead(String what, Transport transport, byte[] chunk)
      throws IOException {
    MemoryMeter before = MemoryMeter.read();
    MqttSocket socket = session(transport);
    try (Flood flood = new Flood(socket, chunk, FLOOD_BYTES)) {
      long written = flood.untilItStalls();
      gateway.assertServes();
      MemoryMeter during = MemoryMeter.read();
      String all = "%,d bytes went in; from %s to %s".formatted(written, before, during);
      System.out.println(what + " over " + transport + ": " + all);
      assertTrue(written < FLOOD_BYTES, all);
      assertTrue(during.heapBytes() - before.heapBytes() < MOST_HELD_BYTES, all);
      assertTrue(during.directBytes() - before.directBytes() < MOST_HELD_BYTES, all);
    }
    gateway.assertUnharmed();
  }

  private static MqttSocket session(Transport transport) throws IOException {
    int port = gateway.port(transport);
    return switch (transport) {
      case TCP -> MqttSocket.session(port, 4, DEVICE);
      case TLS -> MqttSocket.tlsSession(port, gateway.clientTls(), 4, DEVICE);
      case WEB_SOCKET -> MqttSocket.webSocketSession(port, DEVICE, 0);
      case RAW_TLS -> throw new IllegalArgumentException("no session without a handshake");
    };
  }
}
