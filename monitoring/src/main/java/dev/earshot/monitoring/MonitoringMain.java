package dev.earshot.monitoring;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.service.InvalidSettings;
import dev.earshot.service.Settings;
import java.util.concurrent.CountDownLatch;

/**
 * The monitoring service as a process of its own: configured by the environment, ended by SIGTERM.
 */
public final class MonitoringMain {
  private MonitoringMain() {}

  public static void main(String[] args) throws InterruptedException {
    MonitoringConfig config;
    FleetClock clock;
    try {
      Settings settings = Settings.of(System.getenv());
      config = MonitoringConfig.from(settings);
      clock =
          settings.parsed(
              "EARSHOT_FLEET_CLOCK",
              FleetClock.realTime(),
              FleetClock::parse,
              "real, or FLEET_INSTANT@MACHINE_INSTANT*SPEED");
      settings.finish("monitoring");
    } catch (InvalidSettings e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Monitoring monitoring = Monitoring.start(config, clock);
    CountDownLatch closed = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  monitoring.close();
                  closed.countDown();
                },
                "shutdown"));
    closed.await();
  }
}
