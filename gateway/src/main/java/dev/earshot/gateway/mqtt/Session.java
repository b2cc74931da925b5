package dev.earshot.gateway.mqtt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.earshot.gateway.identity.Proof;
import dev.earshot.gateway.limits.Membership;
import dev.earshot.gateway.message.PayloadCheck;
import dev.earshot.gateway.message.RejectReason;
import dev.earshot.gateway.message.Rejection;
import dev.earshot.gateway.metrics.EndReason;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.MqttTopic;
import dev.earshot.protocol.v1.SessionEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.mqtt.MqttMessage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One device's session, and the gateway's hot path: a message comes in at {@link #publish}, goes to
 * Kafka (forwarded, or as a dead letter), comes back at {@link #settled} once Kafka has it, and is
 * acknowledged. Acknowledgements keep the order of the messages, as MQTT demands. When Kafka does
 * not take a message the session ends without acknowledging it, so that the device sends it again;
 * what it had sent after that message comes twice.
 *
 * <p>Everything runs on the connection's event loop, except {@link #end} and the accessors.
 */
final class Session {
  private static final byte[] NOTHING = {};
  // Packet type 4, two bytes follow: the packet id.
  private static final int PUBACK = 0x4002_0000;
  private static final int PUBACK_BYTES = 4;

  // For the session.
  private final SessionServices services;
  private final Proof proof;
  private final String device;
  private final byte[] key;
  private final Membership membership;
  private final Topics topics;
  private final AtomicReference<@Nullable EndReason> ended = new AtomicReference<>();
  private volatile long epoch;
  private @Nullable Will will;

  // For the connection; on its loop.
  private final Connection connection;
  private final Answers answers;
  private final Downlink downlink;
  private final long keepAliveNanos;
  private final int receiveMaximum;
  private final String remoteAddress;
  private long heardNanos;
  private boolean lastRead;
  private @Nullable EndReason endWhenSettled;
  private int lastWord = ReasonCode.SUCCESS;
  private String lastWordDetail = "";

  private final Unacknowledged unacknowledged = new Unacknowledged();
  private @Nullable ByteBuf acknowledgements;
  private boolean flushDue;

  /**
   * @param accepted what the CONNECT asked for and got
   */
  Session(
      Proof proof,
      Membership membership,
      Accepted accepted,
      Connection connection,
      SessionServices services) {
    DeviceId id = proof.device();
    this.proof = proof;
    this.device = id.toString();
    this.key = device.getBytes(US_ASCII);
    this.membership = membership;
    this.will = accepted.will();
    this.connection = connection;
    this.answers = accepted.answers();
    this.services = services;
    this.topics = new Topics(id);
    this.downlink = new Downlink(this, id, accepted, services);
    this.keepAliveNanos = TimeUnit.SECONDS.toNanos(accepted.keepAliveSeconds()) * 3 / 2;
    this.receiveMaximum = accepted.ownReceiveMaximum();
    this.remoteAddress = connection.remoteAddress();
    this.heardNanos = System.nanoTime();
  }

  /** {@code fleet/device}. */
  String device() {
    return device;
  }

  Membership membership() {
    return membership;
  }

  /** How its device has shown who it is. */
  Proof proof() {
    return proof;
  }

  Transport transport() {
    return connection.transport();
  }

  Lane lane() {
    return connection.lane();
  }

  Connection connection() {
    return connection;
  }

  Downlink downlink() {
    return downlink;
  }

  long epoch() {
    return epoch;
  }

  boolean isVersion5() {
    return answers.isVersion5();
  }

  boolean isEnded() {
    return ended.get() != null;
  }

  /** It is the device's session now. Called once; any thread, before the first packet. */
  void begin(long newEpoch) {
    epoch = newEpoch;
    announce(SessionEvent.Kind.CONNECTED, "");
  }

  // -- up: device to Kafka

  /** Takes a message; the packet is valid during the call. */
  void publish(PublishPacket packet) {
    if (lastRead || isEnded()) {
      // It was in the pipe behind the end; never acknowledged, so it comes again.
      return;
    }
    heard();
    int alias = topics.alias(packet);
    if (alias != ReasonCode.SUCCESS) {
      broken(alias, "topic alias " + packet.alias());
      return;
    }
    MqttTopic.@Nullable Channel channel = topics.channel(packet);
    byte[] payload = packet.payload();
    Optional<Rejection> rejection = judge(packet, channel, payload);
    boolean acknowledged = packet.qos() == PublishPacket.AT_LEAST_ONCE;
    int packetId = acknowledged ? packet.packetId() : Publication.UNACKNOWLEDGED;
    Publication publication =
        new Publication(this, packetId, payload.length, heardNanos, rejection.orElse(null));
    received(publication);
    long receivedMillis = lane().nowMillis();
    if (rejection.isPresent()) {
      Rejection why = rejection.get();
      lastRead = endsSession(why.reason(), acknowledged);
      String source = topics.name(packet);
      services.uplink().reject(why, source, key, payload, receivedMillis, publication);
    } else {
      KafkaTopic destination =
          channel == MqttTopic.Channel.HEARTBEAT ? KafkaTopic.HEARTBEAT : KafkaTopic.STATUS;
      services.uplink().send(destination, key, payload, receivedMillis, publication);
    }
    if (unacknowledged.count() >= receiveMaximum) {
      full();
    }
  }

  private Optional<Rejection> judge(
      PublishPacket packet, MqttTopic.@Nullable Channel channel, byte[] payload) {
    if (channel == null) {
      return Optional.of(topics.notOurs(topics.name(packet)));
    }
    if (packet.qos() == PublishPacket.EXACTLY_ONCE) {
      return Optional.of(new Rejection(RejectReason.QOS_NOT_SUPPORTED, "QoS 2 (expected: 0 or 1)"));
    }
    if (packet.isRetained() && isVersion5()) {
      return Optional.of(
          new Rejection(RejectReason.RETAIN_NOT_SUPPORTED, "retained (expected: not retained)"));
    }
    int most = membership.maxPayloadBytes();
    if (payload.length > most) {
      return Optional.of(Rejection.tooLarge(payload.length, most));
    }
    return channel == MqttTopic.Channel.HEARTBEAT
        ? PayloadCheck.heartbeat(payload)
        : PayloadCheck.status(payload);
  }

  /** Version 5 can say no to an acknowledged message; otherwise the end is the only answer. */
  private boolean endsSession(RejectReason reason, boolean acknowledged) {
    return reason.endsConnection() || !isVersion5() || !acknowledged;
  }

  private void received(Publication publication) {
    lane().received();
    unacknowledged.add(publication);
    services.backpressure().admit(publication.payloadBytes());
    long waitNanos = membership.message(publication.receivedNanos());
    if (waitNanos > 0) {
      pauseForRate(waitNanos);
    }
  }

  /** A device of version 5 was told how many; others, and unacknowledged ones, just wait. */
  private void full() {
    if (!isVersion5() || unacknowledged.awaited() < unacknowledged.count()) {
      connection.reads().pause(SocketReads.Why.IN_FLIGHT);
    } else if (unacknowledged.awaited() > receiveMaximum) {
      broken(
          ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
          "more than " + receiveMaximum + " messages that are not acknowledged");
    }
  }

  /** Whether the next packet must wait, because too much is on its way to Kafka. */
  boolean mustWait() {
    if (!services.backpressure().isFull()) {
      return false;
    }
    connection.reads().pause(SocketReads.Why.KAFKA);
    services.backpressure().park(() -> lane().run(() -> connection.goOn(SocketReads.Why.KAFKA)));
    return true;
  }

  private void pauseForRate(long nanos) {
    connection.reads().pause(SocketReads.Why.RATE);
    services.metrics().throttled(membership.slowedBy());
    lane()
        .loop()
        .schedule(() -> connection.goOn(SocketReads.Why.RATE), nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Kafka has answered for a message. Acknowledges, into a buffer, what can be acknowledged now.
   *
   * @return whether {@link #flush} is to be called, once, after all that have been answered
   */
  boolean settled(Publication publication) {
    publication.settle();
    if (isEnded()) {
      return false;
    }
    if (!publication.isStored() && publication.isAwaited()) {
      end(EndReason.KAFKA_UNAVAILABLE);
      return false;
    }
    Publication settled = unacknowledged.takeSettled();
    while (settled != null) {
      acknowledge(settled);
      settled = unacknowledged.takeSettled();
    }
    boolean first = !flushDue;
    flushDue = true;
    return first;
  }

  private void acknowledge(Publication publication) {
    Rejection rejected = publication.rejected();
    if (publication.isAwaited()) {
      lane().acknowledged();
      if (rejected == null || !isVersion5()) {
        // Version 5 leaves out "success" and the properties, and is then as 3.1.1 is.
        acknowledgements().writeInt(PUBACK | publication.packetId());
      } else {
        writeAcknowledgements();
        int code = ReasonCode.of(rejected.reason());
        answers.rejected(publication.packetId(), code, rejected.detail());
      }
    }
    if (rejected != null && endsSession(rejected.reason(), publication.isAwaited())) {
      endWhenSettled = EndReason.NOT_ALLOWED;
      lastWord = ReasonCode.of(rejected.reason());
      lastWordDetail = rejected.detail();
    }
  }

  private ByteBuf acknowledgements() {
    ByteBuf bytes = acknowledgements;
    if (bytes == null) {
      bytes = connection.bytes().alloc().buffer(PUBACK_BYTES * 16);
      acknowledgements = bytes;
    }
    return bytes;
  }

  /** Sends what was acknowledged, in one write; and ends, when that was all that was waited for. */
  void flush() {
    flushDue = false;
    writeAcknowledgements();
    connection.bytes().flush();
    if (isEnded()) {
      return;
    }
    EndReason reason = endWhenSettled;
    if (reason != null && (reason == EndReason.NOT_ALLOWED || unacknowledged.count() == 0)) {
      end(reason);
    } else if (unacknowledged.count() < receiveMaximum) {
      connection.goOn(SocketReads.Why.IN_FLIGHT);
    }
  }

  private void writeAcknowledgements() {
    ByteBuf bytes = acknowledgements;
    acknowledgements = null;
    if (bytes != null) {
      ChannelHandlerContext context = connection.bytes();
      context.write(bytes, context.voidPromise());
    }
  }

  // -- anything else that the device says

  void packet(MqttMessage packet) {
    if (isEnded()) {
      return;
    }
    heard();
    switch (packet.fixedHeader().messageType()) {
      case PINGREQ -> answers.pong();
      case PUBACK -> downlink.acknowledged(packet);
      case SUBSCRIBE -> downlink.subscribe(packet);
      case UNSUBSCRIBE -> downlink.unsubscribe(packet);
      case DISCONNECT -> {
        if (Accepted.isPlainDisconnect(packet)) {
          will = null;
        }
        end(EndReason.CLIENT_DISCONNECTED);
      }
      case CONNECT, CONNACK, PUBLISH, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, PINGRESP, AUTH ->
          broken(
              ReasonCode.PROTOCOL_ERROR,
              packet.fixedHeader().messageType() + " (expected: what a device may send)");
    }
  }

  /** The device refused, or broke, what the protocol demands. */
  void broken(int reasonCode, String detail) {
    if (reasonCode == ReasonCode.PACKET_TOO_LARGE && !isEnded()) {
      Rejection rejection = new Rejection(RejectReason.PACKET_TOO_LARGE, detail);
      lane().received();
      deadLetter(rejection, "");
      services.metrics().messageRejected(rejection.reason());
    }
    lastWord = reasonCode;
    lastWordDetail = detail;
    end(
        switch (reasonCode) {
          case ReasonCode.PROTOCOL_ERROR, ReasonCode.TOPIC_ALIAS_INVALID ->
              EndReason.PROTOCOL_ERROR;
          case ReasonCode.RECEIVE_MAXIMUM_EXCEEDED -> EndReason.RECEIVE_MAXIMUM_EXCEEDED;
          default -> EndReason.MALFORMED_PACKET;
        });
  }

  /**
   * The device asked for what no device may have; 3.1.1 has no other answer than the end. Each
   * counts as a message: it becomes a dead letter, and costs as much.
   */
  void notAllowed(Rejection rejection, List<String> sources) {
    long now = System.nanoTime();
    long waitNanos = 0;
    for (String source : sources) {
      deadLetter(rejection, source);
      waitNanos = Math.max(waitNanos, membership.message(now));
    }
    if (!isVersion5()) {
      end(EndReason.NOT_ALLOWED);
    } else if (waitNanos > 0) {
      pauseForRate(waitNanos);
    }
  }

  private void deadLetter(Rejection rejection, String source) {
    long now = services.clock().millis();
    DeadLetter letter = new DeadLetter(services.backpressure(), source.length());
    services.uplink().reject(rejection, source, key, NOTHING, now, letter);
  }

  // -- time

  /** A packet came, or the leave to send one was given. */
  void heard() {
    heardNanos = lane().nowNanos();
  }

  /** Looked at every second, unless the socket is not read for our sake. */
  void look(long nowNanos) {
    if (keepAliveNanos > 0 && nowNanos - heardNanos > keepAliveNanos) {
      end(EndReason.KEEP_ALIVE_TIMEOUT);
    }
  }

  // -- the end

  /** Reads no further messages; ends once those that came are acknowledged. On the loop. */
  void finish() {
    if (isEnded()) {
      return;
    }
    lastRead = true;
    connection.reads().pause(SocketReads.Why.DOOR);
    if (unacknowledged.count() == 0) {
      end(EndReason.GATEWAY_CLOSING);
    } else {
      endWhenSettled = EndReason.GATEWAY_CLOSING;
    }
  }

  /**
   * Ends the session and closes its connection; only the first call counts. Any thread may call.
   */
  void end(EndReason reason) {
    if (!ended.compareAndSet(null, reason)) {
      return;
    }
    if (reason == EndReason.TAKEN_OVER || reason == EndReason.TAKEN_OVER_ELSEWHERE) {
      announce(SessionEvent.Kind.TAKEN_OVER, reason.label());
    } else {
      announce(SessionEvent.Kind.DISCONNECTED, reason.label());
    }
    services.sessions().ended(this, reason);
    membership.leave();
    services.metrics().disconnected(reason);
    lane().run(() -> close(reason));
  }

  private void close(EndReason reason) {
    Will last = will;
    will = null;
    if (last != null) {
      services.metrics().will();
      services
          .uplink()
          .send(last.topic(), key, last.payload(), services.clock().millis(), Unheard.INSTANCE);
    }
    unacknowledged.clear();
    writeAcknowledgements();
    int code = lastWord == ReasonCode.SUCCESS ? ReasonCode.of(reason) : lastWord;
    answers.disconnect(code, lastWordDetail);
    ChannelFuture written = connection.context().writeAndFlush(Unpooled.EMPTY_BUFFER);
    connection.close(written);
  }

  private void announce(SessionEvent.Kind kind, String reason) {
    services.log().tell(key, kind, epoch, remoteAddress, reason);
  }
}
