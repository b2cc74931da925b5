package dev.earshot.agent.device;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.jspecify.annotations.Nullable;

/** Says in words why there is no connection, and what to do about it. */
final class ConnectionAdvice {
  private ConnectionAdvice() {}

  /** One line for whoever looks after the device: a connection that was there broke. */
  static String lost(Throwable failure) {
    Throwable cause = failure.getCause();
    return "the connection broke: " + plain(cause == null ? failure : cause);
  }

  /** One line for whoever looks after the device: a connection could not be made. */
  static String of(Throwable failure, GatewaySettings gateway) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable at = failure; at != null && causes.size() < 10; at = at.getCause()) {
      causes.add(at);
    }
    return causes.reversed().stream()
        .flatMap(cause -> advice(cause, gateway).stream())
        .findFirst()
        .orElseGet(() -> plain(causes.getLast()));
  }

  private static Optional<String> advice(Throwable cause, GatewaySettings gateway) {
    String host = gateway.address().host();
    return Optional.ofNullable(
        switch (cause) {
          case InvalidCredentials invalid -> invalid.getMessage();
          case CertificateExpiredException e ->
              "the gateway's certificate has expired: " + e.getMessage() + " (renew it)";
          case CertificateNotYetValidException e ->
              "the gateway's certificate is not valid yet: "
                  + e.getMessage()
                  + " (is this device's clock right?)";
          case CertPathBuilderException e ->
              "the gateway's certificate is not vouched for by "
                  + gateway.tls().ca().map(Object::toString).orElse("the JDK's authorities")
                  + " (set the CA that signed it)";
          case CertificateException e ->
              e.getMessage() != null && e.getMessage().startsWith("No ")
                  ? "the gateway's certificate is not for "
                      + host
                      + ": "
                      + e.getMessage()
                      + " (connect by a name that is in it)"
                  : null;
          case ConnectException e -> plain(e);
          case SSLException e -> tls(String.valueOf(e.getMessage()), gateway);
          case SocketException e when gateway.address().tls() -> ended(gateway);
          case EOFException e when gateway.address().tls() -> ended(gateway);
          case UnknownHostException e -> host + ": no such host (check the address and DNS)";
          case SocketTimeoutException e -> "no answer in time";
          case MqttException e -> mqtt(e, gateway);
          default -> null;
        });
  }

  /** In TLS 1.3 a client hears only afterwards that its certificate was turned away, if at all. */
  private static String ended(GatewaySettings gateway) {
    return "the gateway ended the connection before it answered; either it does not speak TLS"
        + " there,"
        + gateway
            .tls()
            .certificate()
            .map(
                file ->
                    " or it does not accept the device's certificate "
                        + file
                        + " (expired, or not signed by an authority of the gateway's?)")
            .orElse(" or it wants a client certificate (give the device one, with its key)");
  }

  private static String tls(String message, GatewaySettings gateway) {
    if (message.contains("Unsupported or unrecognized SSL message")) {
      return "it does not speak TLS there (use mqtt://, or the port that does)";
    }
    if (message.contains("fatal alert")) {
      return gateway.tls().certificate().isEmpty()
          ? "the gateway wants a client certificate (give the device one, with its key): " + message
          : "the gateway does not accept the device's certificate "
              + gateway.tls().certificate().get()
              + " (expired, or not signed by an authority of the gateway's?): "
              + message;
    }
    return message;
  }

  private static @Nullable String mqtt(MqttException e, GatewaySettings gateway) {
    return switch (e.getReasonCode()) {
      case MqttException.REASON_CODE_FAILED_AUTHENTICATION,
          MqttException.REASON_CODE_NOT_AUTHORIZED ->
          "the gateway does not let in user "
              + gateway.user()
              + gateway
                  .passwordFile()
                  .map(file -> " with the password in " + file)
                  .orElse(" without a password (give a password file, or a certificate)");
      case MqttException.REASON_CODE_INVALID_PROTOCOL_VERSION ->
          "the gateway does not speak MQTT 3.1.1";
      case MqttException.REASON_CODE_BROKER_UNAVAILABLE -> "the gateway is not ready";
      default -> e.getCause() == null ? plain(e) : null;
    };
  }

  private static String plain(Throwable cause) {
    return cause.getMessage() == null
        ? cause.getClass().getSimpleName()
        : cause.getMessage().strip();
  }
}
