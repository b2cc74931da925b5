package dev.earshot.simulator.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic.Channel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MqttSessionTest {
  // CONNACK: type 2, 2 bytes: no session present, accepted.
  private static final String ACCEPTED = "20 02 00 00";
  // SUBACK: type 9, 3 bytes: packet 1, granted QoS 1.
  private static final String SUBSCRIBED = "90 03 00 01 01";

  private final List<String> heard = new ArrayList<>();
  private final MqttSession session =
      new MqttSession(
          new DeviceId("home", "d"),
          60,
          new Uplink.Listener() {
            @Override
            public void up() {
              heard.add("up");
            }

            @Override
            public void down(String reason) {
              throw new AssertionError("without its kind: " + reason);
            }

            @Override
            public void down(LinkError error, String reason) {
              heard.add(error.label());
            }

            @Override
            public void command(byte[] payload) {
              heard.add("command " + new String(payload, StandardCharsets.UTF_8));
            }
          },
          ended -> heard.add("forgotten"));
  private final EmbeddedChannel wire =
      new EmbeddedChannel(new MqttDecoder(1024), MqttEncoder.INSTANCE, session);

  private void receive(String hex) {
    wire.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", ""))));
  }

  private @Nullable String sent() {
    ByteBuf packet = wire.readOutbound();
    if (packet == null) {
      return null;
    }
    String hex = HexFormat.ofDelimiter(" ").formatHex(ByteBufUtil.getBytes(packet));
    packet.release();
    return hex;
  }

  private void goUp() {
    receive(ACCEPTED);
    receive(SUBSCRIBED);
    var _ = sent();
    var _ = sent();
    heard.clear();
  }

  @Test
  void connection_isIntroducedAndSubscribed_beforeItCountsAsUp() {
    assertEquals(
        // CONNECT, 26 bytes
        "10 1a"
            // "MQTT", level 4 (3.1.1); user name, clean session; keep-alive 60 s
            + " 00 04 4d 51 54 54 04 82 00 3c"
            // client "home/d", user "home/d"
            + " 00 06 68 6f 6d 65 2f 64 00 06 68 6f 6d 65 2f 64",
        sent());
    receive(ACCEPTED);
    assertEquals(
        // SUBSCRIBE, 30 bytes, packet 1
        "82 1e 00 01 00 19 "
            + HexFormat.ofDelimiter(" ")
                .formatHex("earshot/v1/home/d/command".getBytes(StandardCharsets.US_ASCII))
            // QoS 1
            + " 01",
        sent());
    assertEquals(List.of(), heard);
    receive(SUBSCRIBED);
    assertEquals(List.of("up"), heard);
  }

  @Test
  void publication_completesWithItsAcknowledgement_alsoOutOfOrder() {
    goUp();
    CompletableFuture<Void> first =
        session.publish(Channel.HEARTBEAT, new byte[] {1}).toCompletableFuture();
    CompletableFuture<Void> second =
        session.publish(Channel.STATUS, new byte[] {2}).toCompletableFuture();
    assertTrue(String.valueOf(sent()).startsWith("32 ")); // PUBLISH, QoS 1
    receive("40 02 00 03"); // PUBACK of packet 3, the second publication
    assertTrue(second.isDone());
    assertFalse(first.isDone());
    receive("40 02 00 02");
    assertTrue(first.isDone() && !first.isCompletedExceptionally());
  }

  @Test
  void command_isHeardAndAcknowledged() {
    goUp();
    receive(
        // PUBLISH, QoS 1, 31 bytes: topic, packet 7, "ab"
        "32 1f 00 19 "
            + HexFormat.of()
                .formatHex("earshot/v1/home/d/command".getBytes(StandardCharsets.US_ASCII))
            + " 00 07 61 62");
    assertEquals(List.of("command ab"), heard);
    assertEquals("40 02 00 07", sent());
  }

  @Test
  void silence_isPinged_andItsEndNamed() {
    goUp();
    long now = System.nanoTime();
    session.watch(now + TimeUnit.SECONDS.toNanos(50));
    assertNull(sent());
    session.watch(now + TimeUnit.SECONDS.toNanos(59));
    assertEquals("c0 00", sent()); // PINGREQ
    receive("d0 00"); // PINGRESP
    session.watch(now + TimeUnit.SECONDS.toNanos(120));
    assertEquals("c0 00", sent());
    session.watch(now + TimeUnit.SECONDS.toNanos(200));
    assertEquals(List.of("forgotten", "not_acknowledged"), heard);
  }

  @Test
  void lateAcknowledgement_endsTheSession_andFailsWhatWaits() {
    goUp();
    CompletableFuture<Void> publication =
        session.publish(Channel.HEARTBEAT, new byte[] {1}).toCompletableFuture();
    session.watch(System.nanoTime() + TimeUnit.SECONDS.toNanos(31));
    assertTrue(publication.isCompletedExceptionally());
    assertEquals(List.of("forgotten", "not_acknowledged"), heard);
  }

  @Test
  void neverUp_isNamed() {
    session.watch(System.nanoTime() + TimeUnit.SECONDS.toNanos(16));
    assertEquals(List.of("forgotten", "not_up_in_time"), heard);
  }

  @Test
  void refusals_areNamed() {
    receive("20 02 00 05"); // CONNACK: not authorised
    assertEquals(List.of("forgotten", "refused"), heard);
  }

  @Test
  void nonsense_isNamed() {
    receive("20 02 00 00");
    receive("f0 00"); // type 15 exists only in MQTT 5
    assertEquals(List.of("forgotten", "protocol"), heard);
  }

  @Test
  void closedByTheGateway_isSaidOnce() {
    goUp();
    var _ = wire.close();
    session.watch(System.nanoTime() + TimeUnit.SECONDS.toNanos(100));
    assertEquals(List.of("forgotten", "closed_by_gateway"), heard);
  }

  @Test
  void closedByTheDevice_saysGoodbye_andIsNotTold() {
    goUp();
    session.close();
    assertEquals("e0 00", sent()); // DISCONNECT
    assertEquals(List.of("forgotten"), heard);
    assertFalse(wire.isOpen());
  }

  @Test
  void whatTheMachineRunsOutOf_isToldApart() {
    session.unreachable(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
        new BindException("Cannot assign requested address"));
    assertEquals(List.of("forgotten", "no_local_port"), heard);
  }

  @Test
  void noDescriptorLeft_isToldApart() {
    session.unreachable(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
        new IllegalStateException("socket", new java.io.IOException("Too many open files")));
    assertEquals(List.of("forgotten", "no_descriptor"), heard);
  }
}
