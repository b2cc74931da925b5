package dev.earshot.gateway.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.Await;
import dev.earshot.gateway.TestObjects;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that connect and then say nothing, or next to nothing. Those that are to be closed at the
 * same deadline wait for it together.
 */
@Timeout(120)
class SlowClientsIT {
  /** The contract's ten seconds for a CONNECT, and what a busy machine may add. */
  private static final long CONNECT_DEADLINE_MILLIS = 10_000;

  private static final long SLACK_MILLIS = 4_000;
  private static final int SILENT = 2_000;

  /** Descriptors that come and go by themselves: Kafka's files and connections. */
  private static final long DESCRIPTOR_TOLERANCE = 100;

  /** The begin of a TLS 1.2 record that holds the begin of a ClientHello of 512 bytes. */
  private static final byte[] HALF_HELLO = HexFormat.of().parseHex("160301020001" + "0001fc0303");

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

  @Test
  void whoDoesNotFinishItsConnect_isClosedAtTheDeadline() throws Exception {
    long descriptors = HostileGateway.descriptors();
    MemoryMeter before = MemoryMeter.read();
    List<MqttSocket> silent = new ArrayList<>();
    long beganNanos = System.nanoTime();
    try (ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor()) {
      List<MqttSocket> slow = slowOnes(pace);
      for (int i = 0; i < SILENT; i++) {
        MqttSocket socket = MqttSocket.open(gateway.port());
        if (i % 2 == 0) {
          socket.send(Arrays.copyOf(Wire.connect(4, "fuzz/silent", 60), i % 20));
        }
        silent.add(socket);
      }
      gateway.assertServes();
      for (MqttSocket socket : slow) {
        assertClosedInTime(beganNanos, socket, slow.indexOf(socket) + ". of the slow ones");
      }
      pace.shutdownNow();
    }
    for (MqttSocket socket : silent) {
      assertClosedInTime(System.nanoTime(), socket, silent.indexOf(socket) + ". of the silent");
      socket.close();
    }
    gateway.assertUnharmed();
    Await.until(
        "the descriptors are back",
        () -> HostileGateway.descriptors() < descriptors + DESCRIPTOR_TOLERANCE);
    MemoryMeter after = MemoryMeter.read();
    assertTrue(
        after.heapBytes() - before.heapBytes() < 24 << 20, "from " + before + " to " + after);
  }

  private static void assertClosedInTime(long beganNanos, MqttSocket socket, String which)
      throws IOException {
    long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    assertTrue(
        socket.isClosedWithin(CONNECT_DEADLINE_MILLIS + SLACK_MILLIS - passed),
        which + " is still open");
    socket.close();
  }

  /** One of each kind: a byte now and then, or nothing at all. */
  private static List<MqttSocket> slowOnes(ScheduledExecutorService pace) throws IOException {
    List<MqttSocket> slow = new ArrayList<>();
    slow.add(trickle(pace, gateway.port(), new byte[0], Wire.connect(4, "fuzz/slow", 60)));
    slow.add(trickle(pace, gateway.port(), new byte[0], Wire.connect(5, "fuzz/slow", 60)));
    for (Transport transport : EnumSet.copyOf(gateway.transports())) {
      int port = gateway.port(transport);
      switch (transport) {
        case TCP -> slow.add(MqttSocket.open(port));
        case TLS, RAW_TLS -> {
          slow.add(MqttSocket.open(port));
          slow.add(trickle(pace, port, HALF_HELLO, new byte[500]));
        }
        case WEB_SOCKET -> {
          byte[] request = WebSocketFrames.request("/mqtt", "mqtt");
          byte[] connect = WebSocketFrames.binary(Wire.connect(5, "fuzz/slow", 60));
          slow.add(MqttSocket.open(port));
          slow.add(trickle(pace, port, new byte[0], request));
          slow.add(trickle(pace, port, request, new byte[0]));
          slow.add(trickle(pace, port, request, connect));
        }
      }
    }
    return slow;
  }

  private static MqttSocket trickle(
      ScheduledExecutorService pace, int port, byte[] atOnce, byte[] slowly) throws IOException {
    MqttSocket socket = MqttSocket.open(port);
    socket.send(atOnce);
    trickle(pace, socket, slowly, CONNECT_DEADLINE_MILLIS * 3 / 2 / (slowly.length + 1));
    return socket;
  }

  /** Writes a byte each period, until there are no more or the gateway has closed. */
  private static void trickle(
      ScheduledExecutorService pace, MqttSocket socket, byte[] bytes, long periodMillis) {
    int[] next = {0};
    Runnable one =
        () -> {
          if (next[0] < bytes.length) {
            try {
              socket.send(new byte[] {bytes[next[0]++]});
            } catch (IOException e) {
              throw new IllegalStateException("closed: that ends it", e);
            }
          }
        };
    var ignored =
        pace.scheduleAtFixedRate(one, 0, Math.max(1, periodMillis), TimeUnit.MILLISECONDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void bytesOfAPublishThatNeverEnds_doNotKeepASessionAlive(int version) throws Exception {
    byte[] publish =
        Wire.publish(
            version,
            Wire.topic("fuzz/slow", "heartbeat"),
            1,
            TestObjects.heartbeat(1).build().toByteArray());
    try (ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        MqttSocket socket = MqttSocket.open(gateway.port())) {
      socket.send(Wire.connect(version, "fuzz/slow", 1));
      assertEquals(Wire.CONNACK, socket.read().first());
      trickle(pace, socket, publish, 100);
      // Keep-alive times 1.5, and slack; the whole PUBLISH would take several times that.
      assertTrue(publish.length > 80);
      assertTrue(socket.isClosedWithin(1_500 + 2_000));
      pace.shutdownNow();
    }
    gateway.assertUnharmed();
  }

  @Test
  void thousandsThatResetHalfway_giveTheirDescriptorsBack() throws Exception {
    long descriptors = HostileGateway.descriptors();
    byte[] connect = Wire.connect(5, "fuzz/reset", 60);
    List<MqttSocket> open = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      MqttSocket socket = MqttSocket.open(gateway.port());
      socket.send(Arrays.copyOf(connect, i % connect.length));
      open.add(socket);
    }
    for (MqttSocket socket : open) {
      socket.reset();
    }
    Await.until(
        "the descriptors are back",
        () -> HostileGateway.descriptors() < descriptors + DESCRIPTOR_TOLERANCE);
    gateway.assertUnharmed();
  }
}
