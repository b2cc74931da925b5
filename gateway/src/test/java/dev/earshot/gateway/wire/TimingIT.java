package dev.earshot.gateway.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.SessionEvent;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the gateway does when time passes; these tests wait side by side. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class TimingIT {
  @RegisterExtension
  static final WireGateway WIRE =
      WireGateway.with(Map.of("EARSHOT_MAX_KEEP_ALIVE_SECONDS", "1200"));

  private static final byte[] PAYLOAD = TestObjects.heartbeat(0).build().toByteArray();
  // 1.5 times one second, and what clocks and rounding may take from it.
  private static final long KEPT_MILLIS = 1_400;
  private static final long CONNECT_WITHIN_MILLIS = 10_000;

  @ParameterizedTest
  @EnumSource(Version.class)
  void silenceBeyondKeepAlive_ends(Version version) throws Exception {
    try (RawClient client = WIRE.open(version, "silent")) {
      client.connected(client.connect().keepAlive(1));
      long since = System.nanoTime();
      client.assertEnds(0x8D); // Keep Alive timeout
      assertTrue(millisSince(since) >= KEPT_MILLIS, () -> millisSince(since) + " ms");
      WIRE.awaitLastEvent(client.key(), SessionEvent.Kind.DISCONNECTED, "keep_alive_timeout");
      assertTrue(WIRE.scrape().value("disconnects_total", "reason=\"keep_alive_timeout\"") >= 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void publishesAlone_keepAlive(Version version) throws Exception {
    try (RawClient client = WIRE.open(version, "busy")) {
      client.connected(client.connect().keepAlive(1));
      // QoS 0 is answered by nothing, so the silence below is the pace.
      for (int i = 0; i < 12; i++) {
        client.send(
            Packets.publish(
                version, Packets.QOS_0, client.topic("heartbeat"), 0, new Bytes(), PAYLOAD));
        assertTrue(client.isQuiet(300));
      }
      client.assertAlive();
      assertEquals(12, WIRE.kafka().records(KafkaTopic.HEARTBEAT, client.key()).size());
      client.assertEnds(0x8D);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void pingsAlone_keepAlive(Version version) throws Exception {
    try (RawClient client = WIRE.open(version, "pinging")) {
      client.connected(client.connect().keepAlive(1));
      for (int i = 0; i < 6; i++) {
        assertTrue(client.isQuiet(600));
        client.assertAlive();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void halfAPacket_doesNotKeepAlive(Version version) throws Exception {
    try (RawClient client = WIRE.open(version, "half")) {
      client.connected(client.connect().keepAlive(1));
      byte[] packet = Packets.publish(version, client.topic("heartbeat"), 1, PAYLOAD);
      long since = System.nanoTime();
      int sent = 0;
      Packet answer = null;
      while (answer == null && sent < packet.length - 1 && millisSince(since) < 8_000) {
        client.send(new byte[] {packet[sent]});
        sent++;
        try {
          answer = client.read(200);
          break;
        } catch (SocketTimeoutException e) {
          // Still patient.
          answer = null;
        }
      }
      assertTrue(millisSince(since) < 8_000, "bytes that make no packet kept it alive");
      if (version == Version.V5) {
        assertEquals(0x8D, Objects.requireNonNull(answer).disconnectReason());
      } else {
        assertNull(answer);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void keepAliveOfAMinute_outlivesSeconds(Version version) throws Exception {
    try (RawClient client = WIRE.open(version, "patient")) {
      client.connected(client.connect().keepAlive(60));
      assertTrue(client.isQuiet(4_000));
      client.assertAlive();
    }
  }

  @Test
  void nothingSent_isClosedAfterTenSeconds() throws Exception {
    double before = WIRE.scrape().value("refusals_total", "reason=\"connect_timeout\"");
    long since = System.nanoTime();
    try (RawClient client = WIRE.open(Version.V3_1_1, "mute")) {
      client.assertClosed();
      assertTrue(millisSince(since) >= CONNECT_WITHIN_MILLIS - 500, () -> millisSince(since) + "");
      assertTrue(WIRE.scrape().value("refusals_total", "reason=\"connect_timeout\"") >= before + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void connectDrippedIn_isClosedAfterTenSecondsAllTheSame(Version version) throws Exception {
    long since = System.nanoTime();
    try (RawClient client = WIRE.open(version, "dripping")) {
      byte[] packet = client.connect().password(new byte[1_000]).bytes();
      boolean closed = false;
      for (int i = 0; i < packet.length && !closed; i++) {
        try {
          client.send(new byte[] {packet[i]});
          closed = client.read(250) == null;
        } catch (SocketTimeoutException e) {
          assertTrue(millisSince(since) < CONNECT_WITHIN_MILLIS + 5_000, "still open");
        } catch (IOException e) {
          // A write after the gateway's close.
          closed = true;
        }
      }
      assertTrue(closed);
      assertTrue(millisSince(since) >= CONNECT_WITHIN_MILLIS - 500, () -> millisSince(since) + "");
    }
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }
}
