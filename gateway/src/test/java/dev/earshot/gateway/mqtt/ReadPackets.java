package dev.earshot.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link PacketReader} without a network, and what it made of the bytes it was given. */
final class ReadPackets implements PacketReader.Receiver {
  static final int MAX_PACKET_BYTES = 4_096;

  private final boolean v5;
  private final PacketReader reader = new PacketReader(this, new PublishPacket());
  private final EmbeddedChannel channel = new EmbeddedChannel(reader);
  private final List<ByteBuf> given = new ArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private PacketReader.Appetite appetite = PacketReader.Appetite.READ;
  private boolean holdsAfterEach;
  private @Nullable Integer fault;

  ReadPackets(boolean v5) {
    this.v5 = v5;
  }

  /** The same, but it wants one packet at a time, and has to be asked for each further one. */
  static ReadPackets oneByOne(boolean v5) {
    ReadPackets packets = new ReadPackets(v5);
    packets.holdsAfterEach = true;
    return packets;
  }

  /** Gives it bytes, and takes packets until there are no more. */
  ReadPackets give(byte[] bytes) throws Exception {
    ByteBuf buffer = Unpooled.copiedBuffer(bytes);
    if (bytes.length > 0) {
      // The empty buffer is one for all, and never released.
      given.add(buffer);
    }
    channel.writeInbound(buffer);
    while (appetite == PacketReader.Appetite.HOLD) {
      appetite = PacketReader.Appetite.READ;
      ChannelHandlerContext context = channel.pipeline().context(reader);
      reader.goOn(context);
    }
    channel.checkException();
    return this;
  }

  /** What came out, in order: packets with all their fields, and at most one fault, as the last. */
  List<String> seen() {
    return List.copyOf(seen);
  }

  /** The reason code that it gave up with; null when it did not. */
  @Nullable Integer fault() {
    return fault;
  }

  /** Bytes that it keeps. */
  int kept() throws ReflectiveOperationException {
    Method readable = ByteToMessageDecoder.class.getDeclaredMethod("actualReadableBytes");
    readable.setAccessible(true);
    return (int) readable.invoke(reader);
  }

  /** Closes the channel; how many of the buffers that it was given were not released. */
  long leaked() {
    channel.finishAndReleaseAll();
    return given.stream().filter(buffer -> buffer.refCnt() != 0).count();
  }

  @Override
  public void arrived() {
    // Nothing here depends on when.
  }

  @Override
  public PacketReader.Appetite appetite() {
    return appetite;
  }

  @Override
  public boolean isVersion5() {
    return v5;
  }

  @Override
  public int maxPacketBytes() {
    return MAX_PACKET_BYTES;
  }

  @Override
  public void publish(PublishPacket packet) {
    seen.add(
        text(
            packet.qos(),
            packet.isRetained(),
            packet.packetId(),
            packet.alias(),
            new String(packet.topic(), UTF_8),
            packet.payload()));
    next();
  }

  /** A PUBLISH as one line. */
  static String text(
      int qos, boolean retained, int packetId, int alias, String topic, byte[] payload) {
    return "PUBLISH qos %d retained %s id %d alias %d topic '%s' payload %s"
        .formatted(qos, retained, packetId, alias, topic, HexFormat.of().formatHex(payload));
  }

  @Override
  public void control(ByteBuf packet) {
    seen.add("CONTROL " + ByteBufUtil.hexDump(packet));
    packet.release();
    next();
  }

  private void next() {
    if (holdsAfterEach) {
      appetite = PacketReader.Appetite.HOLD;
    }
  }

  @Override
  public void fault(int reasonCode, String detail) {
    seen.add("FAULT " + reasonCode + " " + detail);
    fault = reasonCode;
    appetite = PacketReader.Appetite.DISCARD;
  }
}
