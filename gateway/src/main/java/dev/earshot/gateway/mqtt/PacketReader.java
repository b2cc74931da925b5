package dev.earshot.gateway.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts the stream into packets. A PUBLISH is handed on as it lies in the read buffer; everything
 * else goes as bytes to the library's decoder. Buffers at most one packet, and what one read of the
 * socket brought beyond it.
 */
final class PacketReader extends ByteToMessageDecoder {
  private static final int PUBLISH = 3;
  private static final int LONGEST_FIXED_HEADER = 5;

  private final Receiver receiver;
  private final PublishPacket publish;

  /** What to do with bytes that came. */
  enum Appetite {
    /** Hand packets on. */
    READ,
    /** Keep them: {@link #goOn} will be called. */
    HOLD,
    /** Nobody wants them any more. */
    DISCARD
  }

  /** Who gets the packets; called on the connection's event loop. */
  interface Receiver {
    Appetite appetite();

    boolean isVersion5();

    /** Larger packets are not read, bytes. */
    int maxPacketBytes();

    /** A whole, well-formed PUBLISH, valid during the call. */
    void publish(PublishPacket packet);

    /** Any other packet, whole, with its fixed header; the receiver releases it. */
    void control(ByteBuf packet);

    /**
     * The stream can't be read on.
     *
     * @param reasonCode why, in version 5's words
     */
    void fault(int reasonCode, String detail);
  }

  /**
   * @param publish of the event loop; one that no other loop uses
   */
  PacketReader(Receiver receiver, PublishPacket publish) {
    this.receiver = receiver;
    this.publish = publish;
  }

  /** Hands on what was kept, until the receiver has enough again. On the event loop. */
  void goOn(ChannelHandlerContext ctx) throws Exception {
    channelRead(ctx, Unpooled.EMPTY_BUFFER);
    channelReadComplete(ctx);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    switch (receiver.appetite()) {
      case READ -> cut(in);
      case HOLD -> {}
      case DISCARD -> in.skipBytes(in.readableBytes());
    }
  }

  private void cut(ByteBuf in) {
    int start = in.readerIndex();
    int readable = in.readableBytes();
    int length = 0;
    for (int i = 1; i < LONGEST_FIXED_HEADER; i++) {
      if (i >= readable) {
        return;
      }
      int digit = in.getUnsignedByte(start + i);
      length |= (digit & 0x7f) << (7 * (i - 1));
      if (digit < 0x80) {
        packet(in, start + i + 1, length);
        return;
      }
    }
    fault(in, ReasonCode.MALFORMED_PACKET, "remaining length of more than 4 bytes");
  }

  private void packet(ByteBuf in, int from, int length) {
    int most = receiver.maxPacketBytes();
    int end = from + length;
    int start = in.readerIndex();
    if (end - start > most) {
      String detail = "a packet of " + (end - start) + " bytes (expected: at most " + most + ")";
      fault(in, ReasonCode.PACKET_TOO_LARGE, detail);
      return;
    }
    if (end > in.writerIndex()) {
      return;
    }
    int first = in.getUnsignedByte(start);
    if (first >> 4 != PUBLISH) {
      receiver.control(in.readRetainedSlice(end - start));
      return;
    }
    int answer = publish.read(in, first & 0x0f, from, end, receiver.isVersion5());
    if (answer != PublishPacket.GOOD) {
      fault(in, answer, "a PUBLISH that is not as the standard says");
      return;
    }
    in.readerIndex(end);
    receiver.publish(publish);
  }

  private void fault(ByteBuf in, int reasonCode, String detail) {
    in.skipBytes(in.readableBytes());
    receiver.fault(reasonCode, detail);
  }
}
