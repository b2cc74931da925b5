package dev.earshot.gateway.mqtt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.earshot.gateway.identity.Authentication;
import dev.earshot.gateway.identity.Authenticator;
import dev.earshot.gateway.identity.Credentials;
import dev.earshot.gateway.identity.Proof;
import dev.earshot.gateway.metrics.RefusalReason;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.SessionEvent;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.vertx.mqtt.MqttAuth;
import io.vertx.mqtt.MqttEndpoint;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections in, as sessions, or refuses them. A refusal of a known device is a session
 * event; one of a stranger is a metric and a log line only, or anybody could write to Kafka.
 */
final class Door {
  private static final Logger LOG = LoggerFactory.getLogger(Door.class);
  private static final int MQTT_3_1_1 = 4;

  private final Authenticator authenticator;
  private final SessionServices services;
  private volatile boolean closing;

  Door(Authenticator authenticator, SessionServices services) {
    this.authenticator = authenticator;
    this.services = services;
  }

  /** From now on nobody is let in. */
  void close() {
    closing = true;
  }

  /** Decides about a connection, on its event loop. */
  void knock(MqttEndpoint endpoint, Lane lane) {
    authenticator
        .authenticate(credentials(endpoint))
        .onSuccess(answer -> answered(answer, endpoint, lane))
        .onFailure(
            failure -> {
              LOG.error("{} could not be judged", endpoint.remoteAddress(), failure);
              answered(new Authentication.Refused("a fault"), endpoint, lane);
            });
  }

  private void answered(Authentication answer, MqttEndpoint endpoint, Lane lane) {
    switch (answer) {
      case Authentication.Refused refused -> {
        services.metrics().refused(RefusalReason.CREDENTIALS);
        LOG.info("refused {}: {}", endpoint.remoteAddress(), refused.detail());
        endpoint.reject(MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED);
      }
      case Authentication.Accepted(Proof proof) -> enter(proof, endpoint, lane);
    }
  }

  private void enter(Proof proof, MqttEndpoint endpoint, Lane lane) {
    DeviceId device = proof.device();
    if (closing) {
      refuse(
          device,
          endpoint,
          RefusalReason.GATEWAY_CLOSING,
          MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE);
    } else if (endpoint.protocolVersion() != MQTT_3_1_1) {
      refuse(
          device,
          endpoint,
          RefusalReason.PROTOCOL_VERSION,
          MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION);
    } else if (endpoint.will().isWillFlag()) {
      refuse(
          device,
          endpoint,
          RefusalReason.WILL,
          MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED);
    } else {
      Session session = new Session(proof, endpoint, lane, services);
      services.sessions().add(session);
      // No session outlives its connection here: never "session present".
      endpoint.accept(false);
    }
  }

  private void refuse(
      DeviceId device, MqttEndpoint endpoint, RefusalReason reason, MqttConnectReturnCode answer) {
    services.metrics().refused(reason);
    services
        .uplink()
        .session(
            device.toString().getBytes(US_ASCII),
            SessionEvent.newBuilder()
                .setKind(SessionEvent.Kind.REFUSED)
                .setGateway(services.instance())
                .setRemoteAddress(String.valueOf(endpoint.remoteAddress()))
                .setReason(reason.label())
                .setAtMs(services.clock().millis())
                .build());
    endpoint.reject(answer);
  }

  private static Credentials credentials(MqttEndpoint endpoint) {
    MqttAuth auth = endpoint.auth();
    X509Certificate certificate = certificate(endpoint);
    return auth == null
        ? new Credentials(endpoint.clientIdentifier(), null, null, certificate)
        : new Credentials(
            endpoint.clientIdentifier(), auth.getUsername(), auth.getPassword(), certificate);
  }

  private static @Nullable X509Certificate certificate(MqttEndpoint endpoint) {
    SSLSession tls = endpoint.isSsl() ? endpoint.sslSession() : null;
    if (tls == null) {
      return null;
    }
    try {
      return tls.getPeerCertificates()[0] instanceof X509Certificate shown ? shown : null;
    } catch (SSLPeerUnverifiedException e) {
      // It showed none, or none that an authority of ours has issued.
      return null;
    }
  }
}
