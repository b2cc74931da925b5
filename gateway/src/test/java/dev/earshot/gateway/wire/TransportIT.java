package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.Await;
import dev.earshot.gateway.Gateway;
import dev.earshot.gateway.Scrape;
import dev.earshot.gateway.TestAuthority;
import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.SessionEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same protocol over TLS, WebSocket, and WebSocket over TLS. */
@Timeout(60)
class TransportIT {
  @RegisterExtension static final WireGateway WIRE = WireGateway.standard();

  private static final TestAuthority AUTHORITY = new TestAuthority("wire");
  private static final byte[] PAYLOAD = TestObjects.heartbeat(0).build().toByteArray();

  @TempDir static Path folder;
  private static Gateway secure;

  @BeforeAll
  static void startSecure() throws Exception {
    TestAuthority.Issued server = AUTHORITY.server();
    secure =
        WIRE.startAnother(
            "wire-secure",
            Map.of(
                "EARSHOT_DEVICE_AUTH",
                "certificate",
                "EARSHOT_MQTTS_PORT",
                "0",
                "EARSHOT_MQTTS_WS_PORT",
                "0",
                "EARSHOT_TLS_CERTIFICATE",
                write("chain.pem", TestAuthority.pem(server.certificate())),
                "EARSHOT_TLS_KEY",
                write("key.pem", TestAuthority.key(server)),
                "EARSHOT_DEVICE_CA",
                write("ca.pem", TestAuthority.pem(AUTHORITY.certificate())),
                "EARSHOT_DEVICE_DENYLIST",
                write("denied", "")));
  }

  private static String write(String name, String text) throws IOException {
    return TestAuthority.write(folder.resolve(name), text).toString();
  }

  @AfterAll
  static void stopSecure() {
    secure.close();
  }

  // -- TLS

  @ParameterizedTest
  @EnumSource(Version.class)
  void tls_carriesPacketsSplitAnywhere(Version version) throws Exception {
    String name = WireGateway.name("tls");
    try (RawClient client = overTls(version, name)) {
      client.connected(Connect.withoutUser(version));
      assertEquals(1, new Scrape(secure).value("sessions_open", "transport=\"tls\""));
      assertServes(client);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void anotherDevicesUserName_isNotAuthorized(Version version) throws Exception {
    try (RawClient client = overTls(version, WireGateway.name("liar"))) {
      client.send(Connect.of(version, "home/victim").bytes());
      Packet answer = client.read();
      switch (version) {
        case V3_1_1 -> assertEquals("20 02 00 05", answer.hex());
        case V5 -> assertEquals(0x87, answer.connAck().reason(), answer::hex);
      }
      client.assertClosed();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void identityWithdrawn_endsTheSession(Version version) throws Exception {
    String name = WireGateway.name("withdrawn");
    try (RawClient client = overTls(version, name)) {
      client.connected(Connect.withoutUser(version));
      write("denied", client.key() + "\n");
      secure.reviewIdentities();
      client.assertEnds(0x87); // Not authorized
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "no_longer_believed");
    }
  }

  // -- WebSocket

  @ParameterizedTest
  @EnumSource(Version.class)
  void webSocket_carriesPacketsSplitAnywhere(Version version) throws Exception {
    String name = WireGateway.name("ws");
    Line.OverWebSocket line = webSocket("mqtt");
    assertEquals("mqtt", line.socket().getSubprotocol());
    double before = WIRE.scrape().value("sessions_open", "transport=\"ws\"");
    try (RawClient client = new RawClient(line, version, name).connected()) {
      assertEquals(before + 1, WIRE.scrape().value("sessions_open", "transport=\"ws\""));
      assertServes(client);
    }
    Await.until("closed", () -> WIRE.scrape().value("sessions_open", "transport=\"ws\"") == before);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void webSocketOverTls_carriesPacketsSplitAnywhere(Version version) throws Exception {
    String name = WireGateway.name("wss");
    Line line =
        new Line.OverWebSocket(
            URI.create("wss://127.0.0.1:" + secure.secureWebSocketPort() + "/mqtt"),
            shows(name),
            "mqtt");
    try (RawClient client = new RawClient(line, version, name)) {
      client.connected(Connect.withoutUser(version));
      assertEquals(1, new Scrape(secure).value("sessions_open", "transport=\"wss\""));
      assertServes(client);
    }
  }

  @Test
  void fragmentedMessage_isTheSame() throws Exception {
    Line.OverWebSocket line = webSocket("mqtt");
    try (RawClient client = new RawClient(line, Version.V5, WireGateway.name("ws")).connected()) {
      byte[] packet = Packets.publish(Version.V5, client.topic("heartbeat"), 1, PAYLOAD);
      line.socket().sendBinary(ByteBuffer.wrap(packet, 0, 20), false).join();
      line.socket().sendBinary(ByteBuffer.wrap(packet, 20, 1), false).join();
      line.socket().sendPing(ByteBuffer.wrap(new byte[] {1})).join();
      line.socket().sendBinary(ByteBuffer.wrap(packet, 21, packet.length - 21), true).join();
      client.assertAcknowledged(1);
    }
  }

  @Test
  void largeMessage_andLargePacketInSeveral_areRead() throws Exception {
    try (RawClient client =
        new RawClient(webSocket("mqtt"), Version.V5, WireGateway.name("ws")).connected()) {
      // The gateway takes frames of 64 KiB: more would be its memory for who has proved nothing.
      client.send(Packets.publish(Version.V5, client.topic("heartbeat"), 1, new byte[60 << 10]));
      client.assertAcknowledged(1, 0x97);
      byte[] packet =
          Packets.publish(Version.V5, client.topic("heartbeat"), 2, new byte[200 << 10]);
      int part = 50 << 10;
      for (int from = 0; from < packet.length; from += part) {
        client.send(Arrays.copyOfRange(packet, from, Math.min(packet.length, from + part)));
      }
      client.assertAcknowledged(2, 0x97);
    }
  }

  @Test
  void textMessage_closes() throws Exception {
    Line.OverWebSocket line = webSocket("mqtt");
    try (RawClient client = new RawClient(line, Version.V5, WireGateway.name("ws")).connected()) {
      line.socket().sendText("hello", true).join();
      // Section 6: a frame that is not binary closes the network connection.
      Packet last = client.read(15_000);
      if (last != null) {
        assertTrue(last.disconnectReason() >= 0x80, last::hex);
        client.assertClosed();
      }
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, lastReason(client));
    }
  }

  /** Which of the words for a broken line it is, does not matter. */
  private static String lastReason(RawClient client) {
    Await.until("ended", () -> WIRE.events(client.key()).size() == 2);
    String reason = WIRE.events(client.key()).getLast().getReason();
    assertTrue(
        reason.equals("connection_lost")
            || reason.equals("malformed_packet")
            || reason.equals("protocol_error"),
        reason);
    return reason;
  }

  @Test
  void disconnectReason_comesBeforeTheCloseFrame() throws Exception {
    Line.OverWebSocket line = webSocket("mqtt");
    try (RawClient client = new RawClient(line, Version.V5, WireGateway.name("ws")).connected()) {
      client.send(Bytes.hex("d0 00")); // PINGRESP, which no client may send
      client.assertEnds(0x82);
      assertEquals(1_000, line.closeStatus()); // normal closure
    }
  }

  @Test
  void closeFrameWithoutDisconnect_isALostConnection() throws Exception {
    Line.OverWebSocket line = webSocket("mqtt");
    byte[] will = TestObjects.status().build().toByteArray();
    try (RawClient client = new RawClient(line, Version.V5, WireGateway.name("ws"))) {
      client.connected(client.connect().will(client.topic("status"), will, 1));
      line.socket().sendClose(1_000, "").join();
      client.assertClosed();
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "connection_lost");
      Await.until(
          "the will", () -> WIRE.kafka().records(KafkaTopic.STATUS, client.key()).size() == 1);
    }
  }

  @Test
  void otherPath_isNotServed() {
    int port = WIRE.gateway().webSocketPort();
    for (String path : new String[] {"/", "/mqtt2", "/mqtt/x"}) {
      CompletionException refused =
          assertThrows(
              CompletionException.class,
              () ->
                  new Line.OverWebSocket(
                      URI.create("ws://127.0.0.1:" + port + path), null, "mqtt"));
      assertTrue(
          refused.getCause() instanceof WebSocketHandshakeException
              || refused.getCause() instanceof IOException,
          refused::toString);
    }
  }

  private static Line.OverWebSocket webSocket(String subprotocol) {
    return new Line.OverWebSocket(
        URI.create("ws://127.0.0.1:" + WIRE.gateway().webSocketPort() + "/mqtt"),
        null,
        subprotocol);
  }

  private static RawClient overTls(Version version, String name) throws IOException {
    return new RawClient(Line.tls(secure.mqttsPort(), shows(name)), version, name);
  }

  private static SSLContext shows(String name) {
    return AUTHORITY.context(AUTHORITY.device("home/" + name));
  }

  /** A publish byte by byte, many packets in one write, and a command down. */
  private static void assertServes(RawClient client) throws Exception {
    Version version = client.version();
    client.sendByteByByte(Packets.publish(version, client.topic("heartbeat"), 1, PAYLOAD));
    client.assertAcknowledged(1);
    client.send(
        Packets.publish(version, client.topic("heartbeat"), 2, PAYLOAD),
        Packets.publish(version, client.topic("heartbeat"), 3, PAYLOAD),
        Packets.publish(version, client.topic("heartbeat"), 4, PAYLOAD));
    client.assertAcknowledged(2);
    client.assertAcknowledged(3);
    client.assertAcknowledged(4);
    client.assertAlive();
    assertEquals(4, WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key()).size());
    client.subscribe();
    WIRE.kafka().command(client.key(), new byte[] {7});
    assertEquals("07", Bytes.hex(client.read().publish(version).payload()));
    client.send(Packets.DISCONNECT);
    client.assertClosed();
    WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "client_disconnected");
  }
}
