package dev.earshot.gateway.mqtt;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.gateway.message.RejectReason;
import dev.earshot.gateway.message.Rejection;
import dev.earshot.gateway.metrics.Undeliverable;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic;
import dev.earshot.protocol.v1.DeviceCommand;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The way down: a device's one subscription, and the commands that it is given. Nothing is kept or
 * sent again: what a device does not acknowledge, the rollout offers again. Used on the
 * connection's event loop, except {@link #deliver}.
 */
final class Downlink {
  private final Session session;
  private final Answers answers;
  private final SessionServices services;
  private final String commandTopic;
  private final long maxPacketBytes;
  private final CommandWindow window;
  private boolean subscribed;
  private int grantedQos;

  Downlink(Session session, DeviceId device, Accepted accepted, SessionServices services) {
    this.session = session;
    this.services = services;
    this.answers = accepted.answers();
    this.commandTopic = new MqttTopic(device, MqttTopic.Channel.COMMAND).toString();
    this.maxPacketBytes = accepted.maxPacketBytes();
    this.window = new CommandWindow(accepted.receiveMaximum());
  }

  void subscribe(MqttMessage packet) {
    MqttSubscribeMessage message = (MqttSubscribeMessage) packet;
    if (message.payload().topicSubscriptions().isEmpty()) {
      session.broken(ReasonCode.PROTOCOL_ERROR, "SUBSCRIBE without a topic filter");
      return;
    }
    boolean identified =
        message
                .idAndPropertiesVariableHeader()
                .properties()
                .getProperty(MqttPropertyType.SUBSCRIPTION_IDENTIFIER.value())
            != null;
    List<Integer> codes = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (MqttTopicSubscription subscription : message.payload().topicSubscriptions()) {
      String filter = subscription.topicFilter();
      int code = identified ? ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED : judge(filter);
      boolean granted = code == ReasonCode.SUCCESS;
      services.metrics().subscription(granted);
      if (granted) {
        subscribed = true;
        grantedQos = Math.min(subscription.option().qos().value(), PublishPacket.AT_LEAST_ONCE);
        codes.add(grantedQos);
      } else {
        codes.add(code);
        refused.add(filter);
      }
    }
    answers.subscribed(message.variableHeader().messageId(), codes);
    if (!refused.isEmpty()) {
      session.notAllowed(
          new Rejection(
              RejectReason.SUBSCRIPTION, "subscription (expected: '" + commandTopic + "')"),
          refused);
    }
  }

  private int judge(String filter) {
    if (filter.equals(commandTopic)) {
      return ReasonCode.SUCCESS;
    }
    if (filter.startsWith("$share/")) {
      return ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
    }
    return filter.indexOf('#') >= 0 || filter.indexOf('+') >= 0
        ? ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED
        : ReasonCode.NOT_AUTHORIZED;
  }

  void unsubscribe(MqttMessage packet) {
    MqttUnsubscribeMessage message = (MqttUnsubscribeMessage) packet;
    if (message.payload().topics().isEmpty()) {
      session.broken(ReasonCode.PROTOCOL_ERROR, "UNSUBSCRIBE without a topic filter");
      return;
    }
    List<Short> codes = new ArrayList<>();
    for (String filter : message.payload().topics()) {
      boolean had = subscribed && filter.equals(commandTopic);
      subscribed &= !had;
      codes.add((short) (had ? ReasonCode.SUCCESS : ReasonCode.NO_SUBSCRIPTION_EXISTED));
    }
    answers.unsubscribed(message.variableHeader().messageId(), codes);
  }

  /** Hands a command to the device, or counts it as undeliverable. Any thread may call. */
  void deliver(byte[] command) {
    session.lane().run(() -> send(command));
  }

  private void send(byte[] command) {
    long expiresAtMillis = expiry(command);
    long leftMillis = expiresAtMillis == 0 ? 0 : expiresAtMillis - services.clock().millis();
    if (session.isEnded()) {
      services.metrics().commandUndeliverable(Undeliverable.NO_SESSION);
    } else if (!subscribed) {
      services.metrics().commandUndeliverable(Undeliverable.NOT_SUBSCRIBED);
    } else if (leftMillis < 0) {
      services.metrics().commandUndeliverable(Undeliverable.EXPIRED);
    } else if (packetBytes(command) > maxPacketBytes) {
      services.metrics().commandUndeliverable(Undeliverable.TOO_LARGE);
    } else if (!session.connection().context().channel().isWritable()) {
      services.metrics().commandUndeliverable(Undeliverable.DEVICE_BEHIND);
    } else {
      // Rounded up: a message that may live for less than a second lives.
      int seconds =
          (int) Math.min(Integer.MAX_VALUE, TimeUnit.MILLISECONDS.toSeconds(leftMillis + 999));
      send(command, expiresAtMillis == 0 ? 0 : Math.max(1, seconds));
    }
  }

  private void send(byte[] command, int expirySeconds) {
    boolean acknowledged = grantedQos == PublishPacket.AT_LEAST_ONCE;
    int packetId = acknowledged ? window.open() : Answers.UNACKNOWLEDGED;
    if (acknowledged && packetId == CommandWindow.FULL) {
      services.metrics().commandUndeliverable(Undeliverable.DEVICE_BEHIND);
    } else {
      answers.command(commandTopic, command, packetId, expirySeconds);
      services.metrics().commandDelivered();
    }
  }

  /** When the command is of no use any more, Unix ms; 0: never, or it can't be read. */
  private static long expiry(byte[] command) {
    try {
      return DeviceCommand.parseFrom(command).getExpiresAtMs();
    } catch (InvalidProtocolBufferException e) {
      // The device's to judge: it verifies what it is given.
      return 0;
    }
  }

  /** The longest that the packet may become: fixed header, topic, packet id, and the expiry. */
  private long packetBytes(byte[] command) {
    return 5L + 2 + commandTopic.length() + 2 + 6 + command.length;
  }

  void acknowledged(MqttMessage packet) {
    int packetId = ((MqttMessageIdVariableHeader) packet.variableHeader()).messageId();
    if (window.close(packetId)) {
      services.metrics().commandAcknowledged();
    }
  }
}
