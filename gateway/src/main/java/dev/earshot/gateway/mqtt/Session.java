package dev.earshot.gateway.mqtt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.earshot.gateway.identity.Proof;
import dev.earshot.gateway.message.PayloadCheck;
import dev.earshot.gateway.message.RejectReason;
import dev.earshot.gateway.message.Rejection;
import dev.earshot.gateway.metrics.EndReason;
import dev.earshot.gateway.metrics.Undeliverable;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.MqttTopic;
import dev.earshot.protocol.v1.SessionEvent;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttTopicSubscription;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One device's connection, and the gateway's hot path: a message comes in at {@link #publish}, goes
 * to Kafka (forwarded, or as a dead letter), and is acknowledged in {@link #completed} once Kafka
 * has it. Acknowledgements keep the order of the messages, as MQTT demands. When Kafka does not
 * take a message the session ends without acknowledging it, so that the device sends it again; what
 * it had sent after that message comes twice.
 *
 * <p>Everything runs on the connection's event loop, except {@link #end}, {@link #deliver} and
 * {@link #settled}.
 */
final class Session {
  private static final byte[] NOTHING = {};

  // For the session.
  private final SessionServices services;
  private final String device;
  private final byte[] key;
  private final DeviceId id;
  private final Proof proof;
  private final String heartbeatTopic;
  private final String statusTopic;
  private final String commandTopic;
  private final AtomicReference<@Nullable EndReason> ended = new AtomicReference<>();
  private volatile long epoch;

  // For the connection; on its loop.
  private final MqttEndpoint endpoint;
  private final Lane lane;
  private final String remoteAddress;
  private final ArrayDeque<Publication> unacknowledged = new ArrayDeque<>();
  private final CommandWindow commands = new CommandWindow();
  private boolean subscribed;
  private boolean parked;
  private boolean lastRead;

  Session(Proof proof, MqttEndpoint endpoint, Lane lane, SessionServices services) {
    this.proof = proof;
    this.id = proof.device();
    this.device = id.toString();
    this.key = device.getBytes(US_ASCII);
    this.heartbeatTopic = new MqttTopic(id, MqttTopic.Channel.HEARTBEAT).toString();
    this.statusTopic = new MqttTopic(id, MqttTopic.Channel.STATUS).toString();
    this.commandTopic = new MqttTopic(id, MqttTopic.Channel.COMMAND).toString();
    this.endpoint = endpoint;
    this.lane = lane;
    this.remoteAddress = String.valueOf(endpoint.remoteAddress());
    this.services = services;
  }

  /** {@code fleet/device}. */
  String device() {
    return device;
  }

  /** How its device has shown who it is. */
  Proof proof() {
    return proof;
  }

  /** Starts to serve the connection. Called once. */
  void begin(long newEpoch) {
    epoch = newEpoch;
    announce(SessionEvent.Kind.CONNECTED, "");
    endpoint
        .publishAutoAck(false)
        .publishHandler(this::publish)
        .publishAcknowledgeHandler(this::commandAcknowledged)
        .subscribeHandler(this::subscribe)
        .unsubscribeHandler(
            message -> {
              subscribed &= !message.topics().contains(commandTopic);
              endpoint.unsubscribeAcknowledge(message.messageId());
            })
        .disconnectHandler(ignored -> end(EndReason.CLIENT_DISCONNECTED))
        .exceptionHandler(this::broken)
        .closeHandler(ignored -> end(EndReason.CONNECTION_LOST));
  }

  // -- up: device to Kafka

  private void publish(MqttPublishMessage message) {
    if (ended.get() != null || lastRead) {
      // It was in the pipe behind the end; never acknowledged, so it comes again.
      return;
    }
    byte[] payload = message.payload().getBytes();
    String topic = message.topicName();
    MqttQoS qos = message.qosLevel();
    Optional<Rejection> rejection = judge(topic, qos, payload);
    int packetId = qos == MqttQoS.AT_LEAST_ONCE ? message.messageId() : Publication.UNACKNOWLEDGED;
    if (rejection.isPresent()) {
      reject(rejection.get(), topic, payload, packetId);
    } else {
      KafkaTopic destination =
          topic.equals(heartbeatTopic) ? KafkaTopic.HEARTBEAT : KafkaTopic.STATUS;
      Publication publication = received(packetId, payload, null);
      services.uplink().send(destination, key, payload, services.clock().millis(), publication);
    }
  }

  private Optional<Rejection> judge(String topic, MqttQoS qos, byte[] payload) {
    boolean heartbeat = topic.equals(heartbeatTopic);
    if (!heartbeat && !topic.equals(statusTopic)) {
      return Optional.of(notMine(topic));
    }
    if (qos == MqttQoS.EXACTLY_ONCE) {
      return Optional.of(new Rejection(RejectReason.QOS_NOT_SUPPORTED, "QoS 2 (expected: 0 or 1)"));
    }
    if (payload.length > services.maxPayloadBytes()) {
      return Optional.of(
          new Rejection(
              RejectReason.TOO_LARGE,
              payload.length + " bytes (expected: at most " + services.maxPayloadBytes() + ")"));
    }
    return heartbeat ? PayloadCheck.heartbeat(payload) : PayloadCheck.status(payload);
  }

  private Rejection notMine(String topic) {
    Optional<MqttTopic> known =
        MqttTopic.parse(topic).filter(parsed -> parsed.channel() != MqttTopic.Channel.COMMAND);
    return known.isPresent()
        ? new Rejection(
            RejectReason.FOREIGN_TOPIC, "topic of " + known.get().deviceId() + ", sent by " + id)
        : new Rejection(RejectReason.UNKNOWN_TOPIC, "devices do not publish to '" + topic + "'");
  }

  private void reject(Rejection rejection, String source, byte[] payload, int packetId) {
    lastRead = rejection.reason().endsConnection();
    Publication publication = received(packetId, payload, rejection.reason());
    long receivedMillis = services.clock().millis();
    services.uplink().reject(rejection, source, key, payload, receivedMillis, publication);
  }

  private Publication received(int packetId, byte[] payload, @Nullable RejectReason rejected) {
    services.metrics().messageReceived();
    Publication publication =
        new Publication(this, packetId, payload.length, System.nanoTime(), rejected);
    unacknowledged.add(publication);
    if (!services.backpressure().admit(payload.length)) {
      park();
    }
    return publication;
  }

  /**
   * Counts a message that Kafka has answered for. Called once for each, usually by the producer.
   */
  void settled(Publication publication) {
    // First: when nothing is in flight any more, all completions are on their way to the loops.
    lane.complete(publication);
    RejectReason rejected = publication.rejected();
    if (!publication.isStored()) {
      services.metrics().messageFailed();
    } else if (rejected != null) {
      services.metrics().messageRejected(rejected);
    } else {
      services.metrics().messageForwarded(System.nanoTime() - publication.receivedNanos());
    }
    services.backpressure().release(publication.payloadBytes());
  }

  /** Acknowledges what can be acknowledged now. */
  void completed(Publication publication) {
    if (ended.get() != null) {
      return;
    }
    if (!publication.isStored() && publication.packetId() != Publication.UNACKNOWLEDGED) {
      end(EndReason.KAFKA_UNAVAILABLE);
      return;
    }
    Publication first = unacknowledged.peek();
    while (first != null && first.isDone()) {
      unacknowledged.remove();
      if (first.packetId() != Publication.UNACKNOWLEDGED) {
        endpoint.publishAcknowledge(first.packetId());
      }
      RejectReason rejected = first.rejected();
      if (rejected != null && rejected.endsConnection()) {
        end(EndReason.NOT_ALLOWED);
        return;
      }
      first = unacknowledged.peek();
    }
  }

  private void park() {
    if (!parked) {
      parked = true;
      SocketReads.set(endpoint, false);
      services.backpressure().park(() -> lane.run(this::resume));
    }
  }

  private void resume() {
    parked = false;
    if (ended.get() == null && !lastRead) {
      SocketReads.set(endpoint, true);
    }
  }

  /**
   * Reads no further messages; what came before is still stored and acknowledged. Any thread may
   * call.
   */
  void stopReading() {
    lane.run(
        () -> {
          lastRead = true;
          if (ended.get() == null) {
            SocketReads.set(endpoint, false);
          }
        });
  }

  // -- down: Kafka to device

  private void subscribe(MqttSubscribeMessage message) {
    List<MqttQoS> granted = new ArrayList<>();
    for (MqttTopicSubscription subscription : message.topicSubscriptions()) {
      boolean mine = subscription.topicName().equals(commandTopic);
      services.metrics().subscription(mine);
      subscribed |= mine;
      granted.add(mine ? atMostOne(subscription.qualityOfService()) : MqttQoS.FAILURE);
      if (!mine) {
        Rejection rejection =
            new Rejection(
                RejectReason.SUBSCRIPTION, "subscription (expected: '" + commandTopic + "')");
        services
            .uplink()
            .reject(
                rejection,
                subscription.topicName(),
                key,
                NOTHING,
                services.clock().millis(),
                ignored -> {});
      }
    }
    endpoint.subscribeAcknowledge(message.messageId(), granted);
  }

  private static MqttQoS atMostOne(MqttQoS asked) {
    return asked == MqttQoS.AT_MOST_ONCE ? asked : MqttQoS.AT_LEAST_ONCE;
  }

  /** Hands a command to the device, or counts it as undeliverable. Any thread may call. */
  void deliver(byte[] command) {
    lane.run(
        () -> {
          if (ended.get() != null) {
            services.metrics().commandUndeliverable(Undeliverable.NO_SESSION);
          } else if (!subscribed) {
            services.metrics().commandUndeliverable(Undeliverable.NOT_SUBSCRIBED);
          } else {
            send(command);
          }
        });
  }

  private void send(byte[] command) {
    int packetId = commands.open();
    if (packetId == CommandWindow.FULL) {
      services.metrics().commandUndeliverable(Undeliverable.DEVICE_BEHIND);
      return;
    }
    endpoint.publish(
        commandTopic,
        Buffer.buffer(command),
        MqttQoS.AT_LEAST_ONCE,
        /* isDup= */ false,
        /* isRetain= */ false,
        packetId);
    services.metrics().commandDelivered();
  }

  private void commandAcknowledged(int packetId) {
    if (commands.close(packetId)) {
      services.metrics().commandAcknowledged();
    }
  }

  // -- the end

  private void broken(Throwable cause) {
    if (cause instanceof TooLongFrameException && ended.get() == null) {
      Rejection rejection =
          new Rejection(RejectReason.PACKET_TOO_LARGE, String.valueOf(cause.getMessage()));
      reject(rejection, "", NOTHING, Publication.UNACKNOWLEDGED);
    }
    boolean lost = cause instanceof IOException;
    end(lost ? EndReason.CONNECTION_LOST : EndReason.MALFORMED_PACKET);
  }

  /**
   * Ends the session and closes its connection; only the first call counts. Any thread may call.
   */
  void end(EndReason reason) {
    if (!ended.compareAndSet(null, reason)) {
      return;
    }
    if (reason == EndReason.TAKEN_OVER) {
      // The newer session has this one's place in the table already.
      announce(SessionEvent.Kind.TAKEN_OVER, reason.label());
    } else {
      services.sessions().remove(this);
      announce(SessionEvent.Kind.DISCONNECTED, reason.label());
    }
    services.metrics().disconnected(reason);
    lane.run(this::close);
  }

  private void close() {
    unacknowledged.clear();
    if (endpoint.isConnected()) {
      endpoint.close();
    }
  }

  private void announce(SessionEvent.Kind kind, String reason) {
    services
        .uplink()
        .session(
            key,
            SessionEvent.newBuilder()
                .setKind(kind)
                .setEpoch(epoch)
                .setGateway(services.instance())
                .setRemoteAddress(remoteAddress)
                .setReason(reason)
                .setAtMs(services.clock().millis())
                .build());
  }
}
