package dev.earshot.gateway.mqtt;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.earshot.gateway.identity.Authentication;
import dev.earshot.gateway.identity.Authenticator;
import dev.earshot.gateway.identity.Credentials;
import dev.earshot.gateway.identity.Proof;
import dev.earshot.gateway.limits.Entry;
import dev.earshot.gateway.limits.LimitSettings;
import dev.earshot.gateway.limits.Membership;
import dev.earshot.gateway.metrics.RefusalReason;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.SessionEvent;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.vertx.core.AsyncResult;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections in, as sessions, or refuses them; when too many come at once they wait in turn.
 * A refusal of a known device is a session event; one of a stranger is a metric and a log line
 * only, or anybody could write to Kafka. Works on the connection's event loop.
 */
final class Door {
  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  private final Authenticator authenticator;
  private final SessionServices services;
  private final LimitSettings settings;
  private final BooleanSupplier kafkaAway;
  private volatile boolean closing;

  /**
   * @param kafkaAway whether Kafka takes nothing at the moment
   */
  Door(
      Authenticator authenticator,
      SessionServices services,
      LimitSettings settings,
      BooleanSupplier kafkaAway) {
    this.authenticator = authenticator;
    this.services = services;
    this.settings = settings;
    this.kafkaAway = kafkaAway;
  }

  /** From now on nobody is let in. */
  void close() {
    closing = true;
  }

  /** A CONNECT, with how the answers to it are written. */
  private record Visit(
      MqttConnectMessage connect, Connection connection, Answers answers, String assignedClientId) {
    MqttConnectVariableHeader header() {
      return connect.variableHeader();
    }
  }

  /** Decides about a connection; the connection keeps what it sends meanwhile. */
  void knock(MqttConnectMessage connect, Connection connection) {
    MqttConnectVariableHeader header = connect.variableHeader();
    boolean v5 = header.version() == MqttVersion.MQTT_5.protocolLevel();
    Optional<String> fault = ConnectFaults.of(connect, v5);
    if (fault.isPresent() && !v5) {
      // Version 3.1.1 has no word for it.
      connection.fault(ReasonCode.PROTOCOL_ERROR, fault.get());
      return;
    }
    String clientId = connect.payload().clientIdentifier();
    boolean unnamed = clientId == null || clientId.isEmpty();
    Visit visit =
        new Visit(
            connect,
            connection,
            v5
                ? Answers.forVersion5(connection.context(), header.properties())
                : Answers.forVersion311(connection.context()),
            unnamed && v5 ? UUID.randomUUID().toString() : "");
    if (fault.isPresent()) {
      refuse(visit, RefusalReason.PROTOCOL_ERROR, fault.get());
    } else if (Accepted.maxPacketBytes(header.properties()) < Accepted.SMALLEST_MAX_PACKET_BYTES) {
      refuse(
          visit,
          RefusalReason.PROTOCOL_ERROR,
          MqttConnectReturnCode.CONNECTION_REFUSED_PACKET_TOO_LARGE,
          "Maximum Packet Size (expected: at least 128)");
    } else if (header.properties().getProperty(MqttPropertyType.AUTHENTICATION_METHOD.value())
        != null) {
      refuse(
          visit,
          RefusalReason.CREDENTIALS,
          MqttConnectReturnCode.CONNECTION_REFUSED_BAD_AUTHENTICATION_METHOD,
          "authentication method (expected: none)");
    } else if (unnamed && !v5 && !header.isCleanSession()) {
      refuse(visit, RefusalReason.CLIENT_ID, "no client id, and no clean session");
    } else if (kafkaAway.getAsBoolean()) {
      refuse(visit, RefusalReason.KAFKA_UNAVAILABLE, "come back later");
    } else {
      inTurn(visit);
    }
  }

  /** Authenticates when it is the connection's turn. */
  private void inTurn(Visit visit) {
    Optional<RefusalReason> foreseen = foresee(visit);
    if (foreseen.isPresent()) {
      refuse(visit, foreseen.get(), "limit: " + foreseen.get().label());
      return;
    }
    long waitNanos = services.limits().paceNanos();
    if (waitNanos < 0) {
      refuse(visit, RefusalReason.GATEWAY_RATE, "too many connections at once; come back later");
      return;
    }
    services.metrics().connectWaits(waitNanos);
    if (waitNanos == 0) {
      authenticate(visit);
    } else {
      services.metrics().waitingConnects(1);
      visit
          .connection()
          .lane()
          .loop()
          .schedule(
              () -> {
                services.metrics().waitingConnects(-1);
                if (visit.connection().isJudged()) {
                  authenticate(visit);
                }
              },
              waitNanos,
              TimeUnit.NANOSECONDS);
    }
  }

  /** Who claims a name that would be refused anyway takes nobody's turn. */
  private Optional<RefusalReason> foresee(Visit visit) {
    String claimed = visit.header().hasUserName() ? visit.connect().payload().userName() : null;
    try {
      return claimed == null
          ? Optional.empty()
          : services.limits().foresee(DeviceId.parse(claimed));
    } catch (IllegalArgumentException e) {
      // No device's name; the authenticator says what that means.
      return Optional.empty();
    }
  }

  private void authenticate(Visit visit) {
    authenticator
        .authenticate(credentials(visit))
        .onComplete(answer -> visit.connection().lane().run(() -> answered(answer, visit)));
  }

  private void answered(AsyncResult<Authentication> answer, Visit visit) {
    if (!visit.connection().isJudged()) {
      return;
    }
    if (answer.failed()) {
      LOG.error("{} could not be judged", visit.connection().remoteAddress(), answer.cause());
      refuse(visit, RefusalReason.CREDENTIALS, "");
      return;
    }
    switch (answer.result()) {
      case Authentication.Refused refused -> {
        // Why is for the operator; a stranger learns nothing.
        LOG.info("refused {}: {}", visit.connection().remoteAddress(), refused.detail());
        refuse(visit, RefusalReason.CREDENTIALS, "");
      }
      case Authentication.Accepted(Proof proof) -> known(proof, visit);
    }
  }

  private void known(Proof proof, Visit visit) {
    DeviceId device = proof.device();
    if (closing) {
      refuse(device, visit, RefusalReason.GATEWAY_CLOSING, "this gateway is closing");
      return;
    }
    int version = visit.header().version();
    if (!visit.answers().isVersion5() && version != MqttVersion.MQTT_3_1_1.protocolLevel()) {
      refuse(device, visit, RefusalReason.PROTOCOL_VERSION, "protocol level " + version);
      return;
    }
    Membership older = services.sessions().membership(device.toString());
    switch (services.limits().enter(device, older)) {
      case Entry.Refused(RefusalReason reason) ->
          refuse(device, visit, reason, "limit: " + reason.label());
      case Entry.Admitted(Membership membership) -> enter(proof, membership, visit);
    }
  }

  private void enter(Proof proof, Membership membership, Visit visit) {
    Answers answers = visit.answers();
    Will.Asked will =
        Will.of(
            visit.connect(), proof.device(), answers.isVersion5(), membership.maxPayloadBytes());
    if (will.refusal() != null) {
      membership.leave();
      refuse(proof.device(), visit, RefusalReason.WILL, will.refusal(), will.detail());
      return;
    }
    Accepted accepted =
        Accepted.of(visit.connect(), answers, visit.assignedClientId(), will.will(), settings);
    Session session = new Session(proof, membership, accepted, visit.connection(), services);
    services.sessions().add(session);
    answers.accepted(accepted.properties());
    visit.connection().begin(session);
  }

  // -- no

  /** Refuses before the version is known; said in 3.1.1, which every client reads. */
  void refuse(Connection connection, RefusalReason reason, String detail) {
    services.metrics().refused(reason);
    LOG.info("refused {}: {}", connection.remoteAddress(), detail);
    connection.close(Answers.forVersion311(connection.context()).refused(reason, detail));
  }

  /** Refuses a CONNECT of version 5 that can't be read to its end. */
  void refuseMalformed(Connection connection, String detail) {
    services.metrics().refused(RefusalReason.PROTOCOL_ERROR);
    Answers answers = Answers.forVersion5(connection.context(), MqttProperties.NO_PROPERTIES);
    connection.close(
        answers.refused(MqttConnectReturnCode.CONNECTION_REFUSED_MALFORMED_PACKET, detail));
  }

  private void refuse(Visit visit, RefusalReason reason, String detail) {
    refuse(visit, reason, ReasonCode.of(reason, visit.answers().isVersion5()), detail);
  }

  private void refuse(
      Visit visit, RefusalReason reason, MqttConnectReturnCode code, String detail) {
    services.metrics().refused(reason);
    visit.connection().close(visit.answers().refused(code, detail));
  }

  private void refuse(DeviceId device, Visit visit, RefusalReason reason, String detail) {
    MqttConnectReturnCode code = ReasonCode.of(reason, visit.answers().isVersion5());
    refuse(device, visit, reason, code, detail);
  }

  private void refuse(
      DeviceId device,
      Visit visit,
      RefusalReason reason,
      MqttConnectReturnCode code,
      String detail) {
    services
        .log()
        .tell(
            device.toString().getBytes(US_ASCII),
            SessionEvent.Kind.REFUSED,
            SessionLog.NO_EPOCH,
            visit.connection().remoteAddress(),
            reason.label());
    refuse(visit, reason, code, detail);
  }

  private static Credentials credentials(Visit visit) {
    byte[] password = visit.connect().payload().passwordInBytes();
    String clientId = visit.connect().payload().clientIdentifier();
    return new Credentials(
        clientId == null || clientId.isEmpty() ? visit.assignedClientId() : clientId,
        visit.header().hasUserName() ? visit.connect().payload().userName() : null,
        password == null ? null : new String(password, UTF_8),
        visit.connection().certificate());
  }
}
