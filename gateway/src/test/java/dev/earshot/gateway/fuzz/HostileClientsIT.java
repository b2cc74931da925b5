package dev.earshot.gateway.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.Await;
import dev.earshot.gateway.TestObjects;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks that have names, one at a time; after each the gateway is as it was. */
@Timeout(120)
class HostileClientsIT {
  private static final long AT_ONCE_MILLIS = 2_000;
  private static final int CHUNK_BYTES = 32 << 10;
  private static final long FLOOD_BYTES = 24L << 20;

  /** Of a flood that ends in Kafka, where one broker serves every test of a busy machine. */
  private static final long STORED_FLOOD_BYTES = 4L << 20;

  private static final int UNFINISHED = 100;
  private static final int SMALL_RECEIVE_BUFFER = 4 << 10;

  /** What a flood may hold: the buffers of a socket and what is on its way to Kafka. */
  private static final long FLOOD_TOLERANCE_BYTES = 32 << 20;

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

  // -- giant CONNECTs

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void connectBelowTheLimit_isTaken(int version) throws IOException {
    try (MqttSocket socket = MqttSocket.open(gateway.port())) {
      socket.send(connectOf(version, 15_000));
      assertEquals(Wire.CONNACK, socket.read().first());
      assertTrue(!socket.isClosedWithin(50));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void connectAboveTheLimit_isClosed(int version) throws IOException {
    try (MqttSocket socket = MqttSocket.open(gateway.port())) {
      socket.send(connectOf(version, 60_000));
      assertTrue(socket.isClosedWithin(AT_ONCE_MILLIS));
    }
  }

  @Test
  void connectThatClaims256MiB_isClosedBeforeItComes() throws IOException {
    try (MqttSocket socket = MqttSocket.open(gateway.port())) {
      socket.send(
          Wire.claiming(Wire.CONNECT, Wire.MAX_REMAINING, Wire.wire().text("MQTT").bytes()));
      assertTrue(socket.isClosedWithin(AT_ONCE_MILLIS));
    }
  }

  @Test
  void thousandConnectsThatClaim256MiB_holdNothing() throws IOException {
    MemoryMeter before = MemoryMeter.read();
    for (int i = 0; i < 1_000; i++) {
      try (MqttSocket socket = MqttSocket.open(gateway.port())) {
        socket.send(Wire.claiming(Wire.CONNECT, Wire.MAX_REMAINING, new byte[1_000]));
        assertTrue(socket.isClosedWithin(AT_ONCE_MILLIS));
      }
    }
    assertHolds(before, MemoryMeter.read());
  }

  /** A CONNECT that is right, with a password of so many bytes. */
  private static byte[] connectOf(int version, int password) {
    Wire body = Wire.wire().text("MQTT").u8(version).u8(0xC2).u16(60);
    if (version == 5) {
      body.counted(new byte[0]);
    }
    return Wire.packet(
        Wire.CONNECT, body.text("giant").text("fuzz/giant").binary(new byte[password]).bytes());
  }

  // -- floods of clients that never read

  static Stream<Arguments> floods() {
    String command = Wire.topic("fuzz/flood", "command");
    byte[] heartbeat = TestObjects.heartbeat(1).build().toByteArray();
    return Stream.of(
        Arguments.of("pings", 4, Wire.packet(Wire.PINGREQ, new byte[0])),
        Arguments.of("publishes", 4, publish(4, heartbeat)),
        Arguments.of("publishes", 5, publish(5, heartbeat)),
        Arguments.of("publishes of QoS 0", 4, publishWithoutAck(heartbeat)),
        Arguments.of("undecodable publishes", 5, publish(5, new byte[3_000])),
        Arguments.of("subscribes", 4, subscribe(4, command)),
        Arguments.of("foreign subscribes", 5, subscribe(5, "foreign/".repeat(12) + "#")),
        Arguments.of(
            "unsubscribes",
            4,
            Wire.packet(Wire.UNSUBSCRIBE, Wire.wire().u16(1).text(command).bytes())));
  }

  private static byte[] publish(int version, byte[] payload) {
    return Wire.publish(version, Wire.topic("fuzz/flood", "heartbeat"), 1, payload);
  }

  private static byte[] publishWithoutAck(byte[] payload) {
    return Wire.packet(
        Wire.PUBLISH, Wire.wire().text(Wire.topic("fuzz/flood", "heartbeat")).raw(payload).bytes());
  }

  private static byte[] subscribe(int version, String filter) {
    Wire body = Wire.wire().u16(1);
    if (version == 5) {
      body.counted(new byte[0]);
    }
    return Wire.packet(Wire.SUBSCRIBE, body.text(filter).u8(1).bytes());
  }

  @ParameterizedTest(name = "{0} in version {1}")
  @MethodSource("floods")
  void floodThatReadsNothing_isBoundedAndStarvesNobody(String what, int version, byte[] packet)
      throws IOException {
    MemoryMeter before = MemoryMeter.read();
    MqttSocket socket =
        MqttSocket.session(gateway.port(), version, "fuzz/flood", SMALL_RECEIVE_BUFFER);
    byte[] chunk = Wire.joined(Collections.nCopies(1 + CHUNK_BYTES / packet.length, packet));
    boolean stored = what.contains("publishes") || what.contains("foreign");
    try (Flood flood = new Flood(socket, chunk, stored ? STORED_FLOOD_BYTES : FLOOD_BYTES)) {
      gateway.assertServes();
      long written = flood.untilItStalls();
      gateway.assertServes();
      MemoryMeter during = MemoryMeter.read();
      System.out.printf(
          "%s in version %d: %,d bytes went in; before %s, then %s%n",
          what, version, written, before, during);
      assertHolds(before, during);
    }
  }

  @Test
  void whoNeverReads_isEndedByItsKeepAlive() throws IOException {
    byte[] pings = Wire.joined(Collections.nCopies(10_000, Wire.packet(Wire.PINGREQ, new byte[0])));
    MqttSocket socket = MqttSocket.open(gateway.port(), SMALL_RECEIVE_BUFFER);
    socket.send(Wire.connect(5, "fuzz/deaf", 1));
    try (Flood flood = new Flood(socket, pings, FLOOD_BYTES)) {
      flood.untilItStalls();
      Await.until("its session is ended", () -> gateway.scrape().value("connections") == 0);
      assertTrue(gateway.scrape().value("disconnects_total", "reason=\"keep_alive_timeout\"") > 0);
    }
  }

  @Test
  void pingsThatAreRead_areAllAnswered() throws IOException {
    int count = 20_000;
    byte[] ping = Wire.packet(Wire.PINGREQ, new byte[0]);
    try (MqttSocket socket = MqttSocket.session(gateway.port(), 5, "fuzz/ping")) {
      for (int round = 0; round < 10; round++) {
        socket.send(Wire.joined(Collections.nCopies(count / 10, ping)));
        for (int i = 0; i < count / 10; i++) {
          assertEquals(Wire.PINGRESP, socket.read().first());
        }
      }
    }
  }

  private static void assertHolds(MemoryMeter before, MemoryMeter now) {
    long heap = now.heapBytes() - before.heapBytes();
    long direct = now.directBytes() - before.directBytes();
    String both = "from " + before + " to " + now;
    assertTrue(heap < FLOOD_TOLERANCE_BYTES, both);
    assertTrue(direct < FLOOD_TOLERANCE_BYTES, both);
  }

  // -- packets that never end

  @Test
  void largePublishesThatStopBeforeTheirEnd_holdAtMostTheirSize_andGiveItBack() throws IOException {
    int size = 250 << 10;
    byte[] topic = Wire.wire().text(Wire.topic("fuzz/large", "heartbeat")).bytes();
    byte[] most =
        Wire.claiming(Wire.PUBLISH, size, Wire.joined(List.of(topic, new byte[size / 2])));
    MemoryMeter before = MemoryMeter.read();
    List<MqttSocket> sockets = new ArrayList<>();
    for (int i = 0; i < UNFINISHED; i++) {
      MqttSocket socket = MqttSocket.session(gateway.port(), 4, "fuzz/large" + i);
      socket.send(most);
      sockets.add(socket);
    }
    gateway.assertServes();
    MemoryMeter during = MemoryMeter.read();
    long held =
        during.heapBytes() - before.heapBytes() + during.directBytes() - before.directBytes();
    assertTrue(
        held < FLOOD_TOLERANCE_BYTES + 2L * UNFINISHED * size, "from " + before + " to " + during);
    for (MqttSocket socket : sockets) {
      socket.reset();
    }
    Await.until("all are gone", () -> gateway.scrape().value("connections") == 0);
    assertHolds(before, MemoryMeter.read());
  }

  // -- identities

  @Test
  void churnOfOneIdentity_leavesNothing() throws IOException {
    byte[] disconnect = Wire.packet(Wire.DISCONNECT, new byte[0]);
    for (int i = 0; i < 1_000; i++) {
      try (MqttSocket socket = MqttSocket.open(gateway.port())) {
        socket.send(
            i % 3 == 0
                ? Wire.connect(4, "fuzz/churn", 60)
                : Wire.joined(List.of(Wire.connect(5, "fuzz/churn", 60), disconnect)));
        if (i % 7 == 0) {
          socket.reset();
        } else {
          assertEquals(Wire.CONNACK, socket.read().first());
        }
      }
    }
  }

  @Test
  void newIdentityEachTime_holdsNothing() throws IOException {
    MemoryMeter before = MemoryMeter.read();
    for (int i = 0; i < 3_000; i++) {
      String device = "fleet" + i + "/device" + i;
      try (MqttSocket socket = MqttSocket.session(gateway.port(), 5, device)) {
        socket.reset();
      }
    }
    Await.until("all are gone", () -> gateway.scrape().value("connections") == 0);
    assertHolds(before, MemoryMeter.read());
  }

  @Test
  void twoThatTakeOverOneIdentity_leaveOneSession() throws Exception {
    Thread other = Thread.ofVirtual().unstarted(() -> connectAgainAndAgain(5));
    other.start();
    connectAgainAndAgain(4);
    other.join();
    try (MqttSocket last = MqttSocket.session(gateway.port(), 4, "fuzz/pingpong")) {
      last.publishAcknowledged(4, "fuzz/pingpong", 7);
      Await.until("one session", () -> gateway.scrape().value("connections") == 1);
    }
  }

  private static void connectAgainAndAgain(int version) {
    byte[] both =
        Wire.joined(
            List.of(
                Wire.connect(version, "fuzz/pingpong", 60),
                Wire.publish(
                    version,
                    Wire.topic("fuzz/pingpong", "heartbeat"),
                    3,
                    TestObjects.heartbeat(3).build().toByteArray())));
    for (int i = 0; i < 300; i++) {
      try (MqttSocket socket = MqttSocket.open(gateway.port())) {
        socket.send(both);
        boolean ignored = socket.isClosedWithin(3);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  // -- topics

  static Stream<byte[]> unspeakableTopics() {
    byte[] noText = new byte[60_000];
    Arrays.fill(noText, (byte) 0xFF);
    return Stream.of("x".repeat(65_535).getBytes(US_ASCII), noText, new byte[] {'a', 0, 'b'});
  }

  /** What the gateway says about a topic must fit into a text of MQTT itself. */
  @ParameterizedTest
  @MethodSource("unspeakableTopics")
  void publishToATopicThatNoReasonCanRepeat_isAnsweredAsMqttAllows(byte[] topic)
      throws IOException {
    Wire publish = Wire.wire().binary(topic).u16(1).counted(new byte[0]).raw(new byte[10]);
    try (MqttSocket socket = MqttSocket.session(gateway.port(), 5, "fuzz/topic")) {
      socket.send(Wire.packet(Wire.PUBLISH | 2, publish.bytes()));
      Answers.Answer answer = socket.read();
      assertEquals(Wire.PUBACK, answer.first());
      byte[] connack = {Wire.CONNACK, 3, 0, 0, 0};
      assertEquals(
          2,
          Answers.read(Wire.joined(List.of(connack, Wire.packet(answer.first(), answer.body()))))
              .size());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void publishWithoutATopic_isClosed(int version) throws IOException {
    try (MqttSocket socket = MqttSocket.session(gateway.port(), version, "fuzz/topic")) {
      socket.send(Wire.publish(version, "", 1, TestObjects.heartbeat(0).build().toByteArray()));
      assertTrue(socket.isClosedWithin(AT_ONCE_MILLIS));
    }
  }
}
