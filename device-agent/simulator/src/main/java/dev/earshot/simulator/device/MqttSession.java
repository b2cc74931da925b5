package dev.earshot.simulator.device;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic;
import dev.earshot.protocol.MqttTopic.Channel;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One MQTT connection of one device: clean session, QoS 1, its command topic subscribed before it
 * counts as up. Everything runs on the connection's event loop. It has no timer: {@link MqttUplink}
 * calls {@link #watch} about every second.
 */
final class MqttSession extends SimpleChannelInboundHandler<MqttMessage> implements Uplink.Session {
  private static final long ACKNOWLEDGE_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long UP_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** The gateway must hear of it within the interval. */
  private static final int PING_EARLY_SECONDS = 2;

  /** The subscription has packet id 1; publications have the rest. */
  private static final int SUBSCRIPTION = 1;

  private static final int LAST_PACKET_ID = 65_535;

  // For the session.
  private final DeviceId id;
  private final int keepAliveSeconds;
  private final Uplink.Listener listener;
  private final Consumer<MqttSession> onEnd;
  private final long beganNanos = System.nanoTime();
  private boolean ended;

  // For the connection.
  private @Nullable ChannelHandlerContext wire;
  private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>(2);
  private int lastPacketId = SUBSCRIPTION;
  private boolean up;
  private long lastSentNanos = beganNanos;
  private boolean pinged;

  private record InFlight(int packetId, long sentNanos, CompletableFuture<Void> result) {}

  MqttSession(
      DeviceId id, int keepAliveSeconds, Uplink.Listener listener, Consumer<MqttSession> onEnd) {
    this.id = id;
    this.keepAliveSeconds = keepAliveSeconds;
    this.listener = listener;
    this.onEnd = onEnd;
  }

  boolean hasEnded() {
    return ended;
  }

  /** The connection did not come about. */
  void unreachable(InetSocketAddress gateway, Throwable cause) {
    end(kind(cause), gateway + ": " + cause.getMessage());
  }

  /** Looks whether something is overdue. */
  void watch(long nowNanos) {
    InFlight oldest = inFlight.peek();
    if (!up && nowNanos - beganNanos > UP_WITHIN_NANOS) {
      end(LinkError.NOT_UP_IN_TIME, "not up within 15 s");
    } else if (oldest != null && nowNanos - oldest.sentNanos() > ACKNOWLEDGE_WITHIN_NANOS) {
      end(LinkError.NOT_ACKNOWLEDGED, "no acknowledgement within 30 s");
    } else if (pinged && nowNanos - lastSentNanos > ACKNOWLEDGE_WITHIN_NANOS) {
      end(LinkError.NOT_ACKNOWLEDGED, "no answer to a ping within 30 s");
    } else if (up && !pinged && nowNanos - lastSentNanos > pingAfterNanos()) {
      send(MqttMessage.PINGREQ);
      pinged = true;
    }
  }

  @Override
  public CompletionStage<Void> publish(Channel channel, byte[] payload) {
    if (ended || !up) {
      return CompletableFuture.failedFuture(new IOException(id + ": not connected"));
    }
    lastPacketId = lastPacketId == LAST_PACKET_ID ? SUBSCRIPTION + 1 : lastPacketId + 1;
    CompletableFuture<Void> result = new CompletableFuture<>();
    inFlight.add(new InFlight(lastPacketId, System.nanoTime(), result));
    send(
        MqttMessageBuilders.publish()
            .topicName(topic(channel))
            .messageId(lastPacketId)
            .qos(MqttQoS.AT_LEAST_ONCE)
            .payload(Unpooled.wrappedBuffer(payload))
            .build());
    return result;
  }

  @Override
  public void close() {
    if (!ended) {
      finish("closed by the device");
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    wire = context;
    if (ended) {
      var _ = context.close();
      return;
    }
    send(
        MqttMessageBuilders.connect()
            .protocolVersion(MqttVersion.MQTT_3_1_1)
            .clientId(id.toString())
            .username(id.toString())
            .hasPassword(false)
            .cleanSession(true)
            .keepAlive(keepAliveSeconds)
            .build());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
    if (ended) {
      return;
    }
    if (message.decoderResult().isFailure()) {
      end(LinkError.PROTOCOL, "malformed packet: " + message.decoderResult().cause().getMessage());
      return;
    }
    switch (message) {
      case MqttConnAckMessage answer -> accepted(answer.variableHeader().connectReturnCode());
      case MqttSubAckMessage answer -> subscribed(answer.payload().grantedQoSLevels());
      case MqttPublishMessage command -> received(command);
      default -> {
        if (message.fixedHeader().messageType() == MqttMessageType.PUBACK) {
          acknowledged(((MqttMessageIdVariableHeader) message.variableHeader()).messageId());
        } else if (message.fixedHeader().messageType() == MqttMessageType.PINGRESP) {
          pinged = false;
        } else {
          end(LinkError.PROTOCOL, "unexpected " + message.fixedHeader().messageType());
        }
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(LinkError.CLOSED_BY_GATEWAY, "the gateway closed the connection");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      end(LinkError.BROKEN, String.valueOf(cause.getMessage()));
    } else {
      end(LinkError.PROTOCOL, cause.toString());
    }
  }

  private long pingAfterNanos() {
    return TimeUnit.SECONDS.toNanos(keepAliveSeconds - PING_EARLY_SECONDS);
  }

  private void accepted(MqttConnectReturnCode code) {
    if (code != MqttConnectReturnCode.CONNECTION_ACCEPTED) {
      end(LinkError.REFUSED, "the gateway refused the session: " + code);
      return;
    }
    send(
        MqttMessageBuilders.subscribe()
            .messageId(SUBSCRIPTION)
            .addSubscription(MqttQoS.AT_LEAST_ONCE, topic(Channel.COMMAND))
            .build());
  }

  private void subscribed(List<Integer> levels) {
    if (levels.size() != 1 || levels.getFirst() > MqttQoS.EXACTLY_ONCE.value()) {
      end(LinkError.REFUSED, "the gateway refused the subscription to " + topic(Channel.COMMAND));
    } else if (!up) {
      up = true;
      listener.up();
    }
  }

  private void received(MqttPublishMessage message) {
    if (message.variableHeader().topicName().equals(topic(Channel.COMMAND))) {
      listener.command(ByteBufUtil.getBytes(message.payload()));
    }
    if (!ended && message.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
      send(MqttMessageBuilders.pubAck().packetId(message.variableHeader().packetId()).build());
    }
  }

  private void acknowledged(int packet) {
    InFlight first = inFlight.peek();
    if (first != null && first.packetId() == packet) {
      inFlight.remove();
      first.result().complete(null);
      return;
    }
    // Gateways acknowledge in order; a server that does not is still understood.
    for (InFlight each : List.copyOf(inFlight)) {
      if (each.packetId() == packet) {
        inFlight.remove(each);
        each.result().complete(null);
      }
    }
  }

  private void send(MqttMessage message) {
    ChannelHandlerContext open = wire;
    if (open != null) {
      lastSentNanos = System.nanoTime();
      var _ = open.writeAndFlush(message, open.voidPromise());
    }
  }

  private void end(LinkError error, String reason) {
    if (!ended) {
      finish(reason);
      listener.down(error, reason);
    }
  }

  private void finish(String reason) {
    ended = true;
    onEnd.accept(this);
    List<InFlight> lost = List.copyOf(inFlight);
    inFlight.clear();
    ChannelHandlerContext open = wire;
    if (open != null) {
      var _ =
          open.channel().isActive()
              ? open.writeAndFlush(MqttMessage.DISCONNECT).addListener(ChannelFutureListener.CLOSE)
              : open.close();
    }
    lost.forEach(each -> each.result().completeExceptionally(new IOException(id + ": " + reason)));
  }

  private static LinkError kind(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      String text = String.valueOf(each.getMessage()).toLowerCase(Locale.ROOT);
      if (text.contains("too many open files")) {
        return LinkError.NO_DESCRIPTOR;
      }
      if (each instanceof BindException || text.contains("cannot assign requested address")) {
        return LinkError.NO_LOCAL_PORT;
      }
    }
    return LinkError.UNREACHABLE;
  }

  private String topic(Channel channel) {
    return new MqttTopic(id, channel).toString();
  }
}
