package dev.earshot.registry;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.service.InvalidSettings;
import dev.earshot.service.Settings;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry as a process of its own, configured by the environment. Exit codes: 0 after a
 * signal, 1 when it could not start, 2 when its settings are wrong.
 */
public final class RegistryMain {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryMain.class);

  private RegistryMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    int exitCode = run(System.getenv());
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  private static int run(Map<String, String> environment) throws InterruptedException {
    try {
      Settings settings = Settings.of(environment);
      RegistryConfig config = RegistryConfig.from(settings);
      FleetClock clock =
          settings.parsed(
              "EARSHOT_FLEET_CLOCK",
              FleetClock.realTime(),
              FleetClock::parse,
              "real, or FLEET_INSTANT@MACHINE_INSTANT*SPEED");
      settings.finish("registry");
      Registry registry = Registry.start(config, clock);
      CountDownLatch ended = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    registry.close();
                    ended.countDown();
                  },
                  "registry-shutdown"));
      ended.await();
      return 0;
    } catch (InvalidSettings e) {
      LOG.error("The registry can't start: {}", e.getMessage());
      return 2;
    } catch (IllegalStateException e) {
      LOG.error("The registry can't start: {}", e.getMessage());
      return 1;
    }
  }
}
