package dev.earshot.agent.device;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a device reaches the gateway: the flags. A password is never one of them. */
final class UplinkOptions {
  @Option(
      names = "--gateway",
      paramLabel = "URL",
      description = {
        "Join the fleet through this gateway: mqtts://HOST[:8883],",
        "mqtt://HOST[:1883] or HOST:PORT."
      })
  private @Nullable String gateway;

  @Option(
      names = "--ca",
      paramLabel = "FILE.pem",
      description = "Who may vouch for gateway and registry (default: the JDK's authorities).")
  private @Nullable Path ca;

  @Option(
      names = "--cert",
      paramLabel = "FILE.pem",
      description = "The device's certificate, and any intermediate ones.")
  private @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE.pem",
      description = "Its private key: PKCS #8, not encrypted.")
  private @Nullable Path key;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "User name at the gateway (default: the device).")
  private @Nullable String user;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "Its first line is the password or token; read at each connection.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--keep-alive",
      paramLabel = "SECONDS",
      description = "The connection is never silent for longer, 5 to 65535 (default: 60).")
  private @Nullable Integer keepAliveSeconds;

  /**
   * What they say.
   *
   * @throws IllegalArgumentException naming the flag that can't be understood
   */
  DeviceConfig.Uplink said() {
    String address = gateway;
    Integer seconds = keepAliveSeconds;
    return new DeviceConfig.Uplink(
        address == null ? null : PlaceOptions.parsed("--gateway", address, GatewayAddress::parse),
        ca,
        certificate,
        key,
        user,
        passwordFile,
        seconds == null ? null : Duration.ofSeconds(seconds));
  }
}
