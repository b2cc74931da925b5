package dev.earshot.gateway.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.ReferenceCountUtil;

/**
 * MQTT over WebSocket (section 6 of the standards): the stream of packets in binary frames, cut
 * anywhere. Path {@code /mqtt}, subprotocol {@code mqtt}.
 */
final class WebSocketFraming {
  private static final String PATH = "/mqtt";
  private static final int MAX_FRAME_BYTES = 64 << 10;
  private static final int MAX_HANDSHAKE_BYTES = 8 << 10;

  private WebSocketFraming() {}

  /** Adds it to a new connection, before that handler. */
  static void addTo(ChannelPipeline pipeline, String before) {
    WebSocketServerProtocolConfig config =
        WebSocketServerProtocolConfig.newBuilder()
            .websocketPath(PATH)
            .checkStartsWith(false)
            .subprotocols("mqtt, mqttv3.1, mqttv3.1.1")
            .maxFramePayloadLength(MAX_FRAME_BYTES)
            .build();
    pipeline.addBefore(before, "http", new HttpServerCodec());
    pipeline.addBefore(before, "handshake", new HttpObjectAggregator(MAX_HANDSHAKE_BYTES));
    pipeline.addBefore(before, "pings", PingsOfReaders.INSTANCE);
    pipeline.addBefore(before, "websocket", new WebSocketServerProtocolHandler(config));
    pipeline.addBefore(before, "frames-in", FramesToBytes.INSTANCE);
    pipeline.addBefore(before, "frames-out", BytesToFrames.INSTANCE);
  }

  /**
   * Drops pings of a device that does not read what it is sent. The library's handler would answer
   * all that one read brought, thousands when they are empty.
   */
  @Sharable
  private static final class PingsOfReaders extends ChannelInboundHandlerAdapter {
    static final PingsOfReaders INSTANCE = new PingsOfReaders();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof PingWebSocketFrame && !ctx.channel().isWritable()) {
        ReferenceCountUtil.release(message);
      } else {
        ctx.fireChannelRead(message);
      }
    }
  }

  @Sharable
  private static final class FramesToBytes extends ChannelInboundHandlerAdapter {
    static final FramesToBytes INSTANCE = new FramesToBytes();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof BinaryWebSocketFrame
          || message instanceof ContinuationWebSocketFrame) {
        ctx.fireChannelRead(((WebSocketFrame) message).content());
      } else {
        // Text, or a plain HTTP request that asked for no upgrade.
        ReferenceCountUtil.release(message);
        ctx.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.INVALID_MESSAGE_TYPE))
            .addListener(ignored -> ctx.close());
      }
    }
  }

  @Sharable
  private static final class BytesToFrames extends ChannelOutboundHandlerAdapter {
    static final BytesToFrames INSTANCE = new BytesToFrames();

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      ctx.write(
          message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
    }
  }
}
