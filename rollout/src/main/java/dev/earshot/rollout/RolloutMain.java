package dev.earshot.rollout;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.service.InvalidSettings;
import dev.earshot.service.Settings;
import java.util.Map;

/**
 * The rollout service as a process of its own: configured by the environment, ended by SIGTERM.
 * Exit codes: 0 ended as told, 1 could not start, 2 the settings are wrong.
 */
public final class RolloutMain {
  private RolloutMain() {}

  public static void main(String[] args) {
    int status = run(System.getenv());
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Starts a service that runs until the process ends; anything but 0 says that it did not. */
  @SuppressWarnings("SystemOut") // For the person at the terminal, whatever the log is set to.
  static int run(Map<String, String> environment) {
    try {
      Settings settings = Settings.of(environment);
      RolloutConfig config = RolloutConfig.from(settings);
      FleetClock clock =
          settings.parsed(
              "EARSHOT_FLEET_CLOCK",
              FleetClock.realTime(),
              FleetClock::parse,
              "real, or FLEET_INSTANT@MACHINE_INSTANT*SPEED");
      settings.finish("rollout");
      Rollouts rollouts = Rollouts.start(config, clock);
      Runtime.getRuntime().addShutdownHook(new Thread(rollouts::close, "rollout-close"));
      return 0;
    } catch (InvalidSettings e) {
      System.err.println("earshot rollout: " + e.getMessage());
      return 2;
    } catch (RolloutStartException e) {
      System.err.println("earshot rollout: " + e.getMessage());
      return 1;
    }
  }
}
