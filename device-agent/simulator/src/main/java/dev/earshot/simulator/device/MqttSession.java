package dev.earshot.simulator.device;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic;
import dev.earshot.protocol.MqttTopic.Channel;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.MqttSubAckMessage;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One MQTT connection of one device: clean session, QoS 1, its command topic subscribed before it
 * counts as up. A Vert.x client is made for each, because it carries the packets in flight of one
 * connection over into the next.
 */
final class MqttSession implements Uplink.Session {
  private static final int ACKNOWLEDGE_WITHIN_SECONDS = 30;
  private static final long UP_WITHIN_MILLIS = 15_000;
  private static final int KEEP_ALIVE_SECONDS = 60;
  private static final int MOST_IN_FLIGHT = 64;

  /** The client gives its subscription packet id 1; publications have the rest. */
  private static final int FIRST_PACKET_ID = 2;

  private static final int LAST_PACKET_ID = 65_535;

  private final Vertx vertx;
  private final DeviceId id;
  private final Uplink.Listener listener;
  private final MqttClient client;
  private final Map<Integer, CompletableFuture<Void>> inFlight = new HashMap<>();
  private int lastPacketId = FIRST_PACKET_ID - 1;
  private long upTimer;
  private boolean ended;

  MqttSession(Vertx vertx, DeviceId id, Uplink.Listener listener) {
    this.vertx = vertx;
    this.id = id;
    this.listener = listener;
    this.client =
        MqttClient.create(
            vertx,
            new MqttClientOptions()
                .setClientId(id.toString())
                .setUsername(id.toString())
                .setCleanSession(true)
                .setKeepAliveInterval(KEEP_ALIVE_SECONDS)
                .setAckTimeout(ACKNOWLEDGE_WITHIN_SECONDS)
                .setMaxInflightQueue(MOST_IN_FLIGHT));
  }

  void open(GatewayAddress gateway) {
    client.publishCompletionHandler(this::acknowledged);
    client.publishCompletionExpirationHandler(
        packet -> end("no acknowledgement within " + ACKNOWLEDGE_WITHIN_SECONDS + " s"));
    client.subscribeCompletionHandler(this::subscribed);
    client.publishHandler(this::received);
    client.closeHandler(closed -> end("the gateway closed the connection"));
    client.exceptionHandler(failure -> end(String.valueOf(failure.getMessage())));
    upTimer = vertx.setTimer(UP_WITHIN_MILLIS, timer -> end("not up within 15 s"));
    client
        .connect(gateway.port(), gateway.host())
        .compose(
            connected -> client.subscribe(topic(Channel.COMMAND), MqttQoS.AT_LEAST_ONCE.value()))
        .onFailure(failure -> end(gateway + ": " + failure.getMessage()));
  }

  @Override
  public CompletionStage<Void> publish(Channel channel, byte[] payload) {
    if (ended || !client.isConnected()) {
      return CompletableFuture.failedFuture(new IOException(id + ": not connected"));
    }
    int packet = nextPacketId();
    CompletableFuture<Void> result = new CompletableFuture<>();
    inFlight.put(packet, result);
    client
        .publish(
            packet, topic(channel), Buffer.buffer(payload), MqttQoS.AT_LEAST_ONCE, false, false)
        .onFailure(failure -> end("publishing failed: " + failure.getMessage()));
    return result;
  }

  @Override
  public void close() {
    if (!ended) {
      finish("closed by the device");
    }
  }

  private void subscribed(MqttSubAckMessage granted) {
    vertx.cancelTimer(upTimer);
    List<Integer> levels = granted.grantedQoSLevels();
    if (levels.size() != 1 || levels.getFirst() > MqttQoS.EXACTLY_ONCE.value()) {
      end("the gateway refused the subscription to " + topic(Channel.COMMAND));
    } else if (!ended) {
      listener.up();
    }
  }

  private void received(MqttPublishMessage message) {
    if (!ended && message.topicName().equals(topic(Channel.COMMAND))) {
      listener.command(message.payload().getBytes());
    }
  }

  private void acknowledged(int packet) {
    CompletableFuture<Void> result = inFlight.remove(packet);
    if (result != null) {
      result.complete(null);
    }
  }

  private void end(String reason) {
    if (!ended) {
      finish(reason);
      listener.down(reason);
    }
  }

  private void finish(String reason) {
    ended = true;
    vertx.cancelTimer(upTimer);
    List<CompletableFuture<Void>> lost = List.copyOf(inFlight.values());
    inFlight.clear();
    var _ = client.disconnect();
    lost.forEach(result -> result.completeExceptionally(new IOException(id + ": " + reason)));
  }

  private int nextPacketId() {
    lastPacketId = lastPacketId == LAST_PACKET_ID ? FIRST_PACKET_ID : lastPacketId + 1;
    return lastPacketId;
  }

  private String topic(Channel channel) {
    return new MqttTopic(id, channel).toString();
  }
}
