package dev.earshot.gateway;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.service.InvalidSettings;
import dev.earshot.service.Settings;
import java.util.Map;

/**
 * The gateway as a process of its own: configured by the environment, drained and ended by SIGTERM.
 * Exit codes: 0 ended as told, 1 could not start, 2 the settings are wrong.
 */
public final class GatewayMain {
  private GatewayMain() {}

  public static void main(String[] args) {
    int status = run(System.getenv());
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Starts a gateway that runs until the process ends; anything but 0 says that it did not. */
  @SuppressWarnings("SystemOut") // For the person at the terminal, whatever the log is set to.
  static int run(Map<String, String> environment) {
    try {
      Settings settings = Settings.of(environment);
      GatewayConfig config = GatewayConfig.from(settings);
      FleetClock clock =
          settings.parsed(
              "EARSHOT_FLEET_CLOCK",
              FleetClock.realTime(),
              FleetClock::parse,
              "real, or FLEET_INSTANT@MACHINE_INSTANT*SPEED");
      settings.finish("gateway");
      Gateway gateway = Gateway.start(config, clock);
      Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "gateway-drain"));
      return 0;
    } catch (InvalidSettings e) {
      System.err.println("earshot gateway: " + e.getMessage());
      return 2;
    } catch (GatewayStartException e) {
      System.err.println("earshot gateway: " + e.getMessage());
      return 1;
    }
  }
}
