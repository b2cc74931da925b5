package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.metrics.EndReason;
import dev.earshot.gateway.metrics.RefusalReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttIdentifierRejectedException;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket from its first byte to its last: waits for CONNECT, lets the {@link Door} decide, then
 * hands packets to the {@link Session}; and closes so that the device still reads what it was told
 * last. Everything runs on the connection's event loop.
 *
 * <p>Handlers, from the socket: TLS, {@link SocketReads.Gate}, WebSocket (it and TLS where asked
 * for), {@link PacketReader}, the library's encoder and decoder, this, and Vert.x's own, which
 * learns of nothing but the end.
 */
final class Connection extends ChannelInboundHandlerAdapter implements PacketReader.Receiver {
  /** A CONNECT with the largest token, and any other packet that is not a PUBLISH. */
  static final int MAX_CONTROL_BYTES = 16 << 10;

  /** Far above any payload that is forwarded: what lies between still becomes a dead letter. */
  static final int MAX_PACKET_BYTES = 256 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final int MAX_CLIENT_ID = 256;
  private static final long CONNECT_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long READ_LAST_WORD_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final String VERTX_HANDLER = "handler";

  private final Transport transport;
  private final Lane lane;
  private final Door door;
  private final SessionServices services;
  private final PacketReader reader;
  private final SocketReads reads;
  private final ChannelHandlerContext vertx;
  private final long begunNanos = System.nanoTime();

  private State state = State.CONNECT_AWAITED;
  private @Nullable Session session;
  private @Nullable ChannelHandlerContext readerContext;
  private @Nullable ChannelHandlerContext context;
  private int packetsDecoded;
  private long closingSinceNanos;

  private enum State {
    CONNECT_AWAITED,
    /** The door decides; what comes meanwhile is kept. */
    JUDGED,
    SERVED,
    /** The last word is said. */
    CLOSING
  }

  private Connection(
      ChannelHandlerContext vertx,
      Transport transport,
      Lane lane,
      Door door,
      SessionServices services) {
    this.vertx = vertx;
    this.transport = transport;
    this.lane = lane;
    this.door = door;
    this.services = services;
    this.reader = new PacketReader(this, lane.publishPacket());
    this.reads = new SocketReads(vertx.channel(), services.paused());
  }

  /**
   * Serves a socket that Vert.x has accepted.
   *
   * @param vertx the context of Vert.x's own handler
   */
  static void serve(
      ChannelHandlerContext vertx,
      Transport transport,
      Lane lane,
      Door door,
      SessionServices services) {
    ChannelPipeline pipeline = vertx.pipeline();
    if (!vertx.channel().isActive()) {
      return;
    }
    if (!services.limits().openSocket()) {
      services.metrics().refused(RefusalReason.CONNECTION_LIMIT);
      vertx.channel().close();
      return;
    }
    Connection connection = new Connection(vertx, transport, lane, door, services);
    lane.add(connection);
    pipeline.addBefore(VERTX_HANDLER, "reads", SocketReads.Gate.INSTANCE);
    if (transport.isWebSocket()) {
      WebSocketFraming.addTo(pipeline, VERTX_HANDLER);
    }
    pipeline.addBefore(VERTX_HANDLER, "packets", connection.reader);
    pipeline.addBefore(VERTX_HANDLER, "encoder", MqttEncoder.INSTANCE);
    pipeline.addBefore(VERTX_HANDLER, "decoder", new MqttDecoder(MAX_CONTROL_BYTES, MAX_CLIENT_ID));
    pipeline.addBefore(VERTX_HANDLER, "connection", connection);
    connection.readerContext = pipeline.context(connection.reader);
    connection.context = pipeline.context(connection);
  }

  // -- what the door and the session need

  Transport transport() {
    return transport;
  }

  Lane lane() {
    return lane;
  }

  SocketReads reads() {
    return reads;
  }

  /** Where packets are written that the library encodes. */
  ChannelHandlerContext context() {
    return known(context);
  }

  /** Where bytes are written as they are. */
  ChannelHandlerContext bytes() {
    return known(readerContext);
  }

  private static ChannelHandlerContext known(@Nullable ChannelHandlerContext context) {
    if (context == null) {
      throw new IllegalStateException("not in the pipeline yet");
    }
    return context;
  }

  String remoteAddress() {
    return String.valueOf(vertx.channel().remoteAddress());
  }

  /** The certificate that was shown in the TLS handshake, verified; null when there was none. */
  @Nullable X509Certificate certificate() {
    SslHandler tls = vertx.pipeline().get(SslHandler.class);
    if (tls == null) {
      return null;
    }
    try {
      return tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate shown
          ? shown
          : null;
    } catch (SSLPeerUnverifiedException e) {
      // It showed none, or none that an authority of ours has issued.
      return null;
    }
  }

  /** Whether the door may still answer. */
  boolean isJudged() {
    return state == State.JUDGED;
  }

  /** From now on packets go to that session. */
  void begin(Session begun) {
    session = begun;
    state = State.SERVED;
    goOn(SocketReads.Why.DOOR);
  }

  /** Takes a reason away not to read, and goes on with what was kept when it was the last. */
  void goOn(SocketReads.Why why) {
    if (!reads.resume(why) || state == State.CLOSING) {
      return;
    }
    if (session != null) {
      lane.look();
      session.heard();
    }
    try {
      reader.goOn(bytes());
    } catch (Exception e) {
      bytes().fireExceptionCaught(e);
    }
    reads.read();
  }

  // -- packets

  @Override
  public void arrived() {
    lane.look();
  }

  @Override
  public PacketReader.Appetite appetite() {
    return switch (state) {
      case CONNECT_AWAITED -> PacketReader.Appetite.READ;
      case JUDGED -> PacketReader.Appetite.HOLD;
      case SERVED ->
          reads.isPaused() || (session != null && session.mustWait())
              ? PacketReader.Appetite.HOLD
              : PacketReader.Appetite.READ;
      case CLOSING -> PacketReader.Appetite.DISCARD;
    };
  }

  @Override
  public boolean isVersion5() {
    return session != null && session.isVersion5();
  }

  @Override
  public int maxPacketBytes() {
    return session == null ? MAX_CONTROL_BYTES : MAX_PACKET_BYTES;
  }

  @Override
  public void publish(PublishPacket packet) {
    if (session == null) {
      fault(ReasonCode.PROTOCOL_ERROR, "PUBLISH before CONNECT");
    } else {
      session.publish(packet);
    }
  }

  @Override
  public void control(ByteBuf packet) {
    if (packet.readableBytes() > MAX_CONTROL_BYTES) {
      packet.release();
      fault(ReasonCode.PACKET_TOO_LARGE, "a packet of that kind is not that large");
      return;
    }
    int before = packetsDecoded;
    // The decoder would wait for the next packet's bytes when lengths inside this one are wrong.
    bytes().fireChannelRead(packet.retain());
    boolean whole = packetsDecoded == before + 1 && !packet.isReadable();
    packet.release();
    if (!whole && state != State.CLOSING) {
      fault(ReasonCode.MALFORMED_PACKET, "a packet whose lengths don't add up");
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    packetsDecoded++;
    if (!(message instanceof MqttMessage packet) || state == State.CLOSING) {
      ReferenceCountUtil.release(message);
    } else if (packet.decoderResult().isFailure()) {
      undecodable(packet);
    } else if (session != null) {
      session.packet(packet);
    } else if (packet instanceof MqttConnectMessage connect) {
      state = State.JUDGED;
      reads.pause(SocketReads.Why.DOOR);
      door.knock(connect, this);
    } else {
      fault(ReasonCode.PROTOCOL_ERROR, packet.fixedHeader().messageType() + " before CONNECT");
    }
  }

  private void undecodable(MqttMessage packet) {
    Throwable cause = packet.decoderResult().cause();
    if (cause instanceof MqttUnacceptableProtocolVersionException && session == null) {
      door.refuse(this, RefusalReason.PROTOCOL_VERSION, String.valueOf(cause.getMessage()));
    } else if (cause instanceof MqttIdentifierRejectedException && session == null) {
      door.refuse(this, RefusalReason.CLIENT_ID, String.valueOf(cause.getMessage()));
    } else if (packet.variableHeader() instanceof MqttConnectVariableHeader header
        && header.version() == MqttVersion.MQTT_5.protocolLevel()
        && session == null) {
      door.refuseMalformed(this, String.valueOf(cause.getMessage()));
    } else {
      fault(ReasonCode.MALFORMED_PACKET, String.valueOf(cause.getMessage()));
    }
  }

  @Override
  public void fault(int reasonCode, String detail) {
    if (session != null) {
      session.broken(reasonCode, detail);
    } else if (state != State.CLOSING) {
      LOG.debug("{} before a session began: {}", remoteAddress(), detail);
      services.metrics().refused(RefusalReason.PROTOCOL_ERROR);
      close();
    }
  }

  // -- time

  /** Looked at every second: ends what has been silent, or on its way out, for too long. */
  void look(long nowNanos) {
    switch (state) {
      case CONNECT_AWAITED -> {
        if (nowNanos - begunNanos > CONNECT_WITHIN_NANOS) {
          services.metrics().refused(RefusalReason.CONNECT_TIMEOUT);
          vertx.channel().close();
        }
      }
      case JUDGED -> {}
      case SERVED -> {
        if (session != null && (!reads.isPaused() || reads.isPausedByDevice())) {
          session.look(nowNanos);
        }
      }
      case CLOSING -> {
        if (nowNanos - closingSinceNanos > READ_LAST_WORD_WITHIN_NANOS) {
          vertx.channel().close();
        }
      }
    }
  }

  // -- the end

  /**
   * Closes, once the last word is written. The sending side first, and what the device still sends
   * is read and thrown away: a socket that is closed with unread bytes resets the connection, and
   * the device would never see what it was told.
   */
  void close(ChannelFuture lastWord) {
    if (state == State.CLOSING) {
      return;
    }
    state = State.CLOSING;
    closingSinceNanos = System.nanoTime();
    context().flush();
    lastWord.addListener(ignored -> closeOutput());
    reads.discard();
  }

  /** The same, when nothing is waited for. */
  void close() {
    close(vertx.newSucceededFuture());
  }

  private void closeOutput() {
    if (!vertx.channel().isActive()) {
      return;
    }
    if (transport.isWebSocket()) {
      bytes().writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
    }
    SslHandler tls = vertx.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound();
    }
    // Behind all that was written.
    bytes()
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            ignored -> {
              if (vertx.channel() instanceof DuplexChannel channel && channel.isActive()) {
                channel.shutdownOutput();
              }
            });
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    boolean writable = ctx.channel().isWritable();
    switch (state) {
      case CONNECT_AWAITED, JUDGED -> {
        // It was told next to nothing yet: only WebSocket's pings, sent and never read, do that.
        if (!writable) {
          ctx.channel().close();
        }
      }
      case SERVED -> {
        if (writable) {
          goOn(SocketReads.Why.SLOW_READER);
        } else {
          reads.pause(SocketReads.Why.SLOW_READER);
        }
      }
      case CLOSING -> reads.discard();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof DecoderException) {
      fault(ReasonCode.MALFORMED_PACKET, String.valueOf(cause.getMessage()));
    } else if (!(cause instanceof IOException)) {
      LOG.error("a fault in the connection of {}", remoteAddress(), cause);
    }
    ctx.channel().close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = State.CLOSING;
    reads.discard();
    lane.remove(this);
    services.limits().closeSocket();
    if (session != null) {
      session.end(EndReason.CONNECTION_LOST);
    }
    ctx.fireChannelInactive();
  }
}
