package dev.earshot.gateway.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection's pipeline with a decoder that waits for a line's end, and so asks for more. */
class SocketReadsTest {
  private final Socket socket = new Socket();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(socket, SocketReads.Gate.INSTANCE, new LineBasedFrameDecoder(100));
  private final SocketReads.Paused paused = new SocketReads.Paused();
  private final SocketReads reads = new SocketReads(channel, paused);

  @BeforeEach
  void forgetTheReadThatBeginsAConnection() {
    socket.reads = 0;
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void socketThatIsRead_isReadOnAndOn() {
    halfALineComes();
    halfALineComes();
    assertEquals(2, socket.reads);
  }

  @Test
  void socketThatIsPaused_isNotRead_whateverHandlersAskFor() {
    reads.pause(SocketReads.Why.RATE);
    halfALineComes();
    channel.read();
    assertEquals(0, socket.reads);
  }

  @Test
  void socketThatIsResumed_isReadAgain_whenNoReasonIsLeft() {
    reads.pause(SocketReads.Why.RATE);
    reads.pause(SocketReads.Why.SLOW_READER);
    halfALineComes();
    reads.resume(SocketReads.Why.RATE);
    reads.read();
    assertEquals(0, socket.reads);
    reads.resume(SocketReads.Why.SLOW_READER);
    reads.read();
    assertEquals(1, socket.reads);
  }

  @Test
  void socketWhoseRestIsDiscarded_isRead() {
    reads.pause(SocketReads.Why.DOOR);
    reads.discard();
    assertEquals(1, socket.reads);
    assertEquals(0, paused.count(SocketReads.Why.DOOR).getAsInt());
  }

  private void halfALineComes() {
    channel.writeInbound(Unpooled.copiedBuffer(new byte[] {'a'}));
  }

  /** Counts what would be reads of a real socket. */
  private static final class Socket extends ChannelOutboundHandlerAdapter {
    private int reads;

    @Override
    public void read(ChannelHandlerContext ctx) {
      reads++;
      ctx.read();
    }
  }
}
