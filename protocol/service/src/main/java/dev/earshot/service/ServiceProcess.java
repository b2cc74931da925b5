package dev.earshot.service;

import dev.earshot.protocol.clock.FleetClock;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every service's process does: environment, settings, start, closed by SIGTERM. Exit codes: 0
 * ended as told, {@value #COULD_NOT_START} could not start, {@value #WRONG_SETTINGS} the settings
 * are wrong.
 */
public final class ServiceProcess {
  public static final int COULD_NOT_START = 1;
  public static final int WRONG_SETTINGS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(ServiceProcess.class);

  private ServiceProcess() {}

  /** Runs a service until a signal; ends the process when it does not start. */
  public static <C> void main(
      String name,
      Function<Settings, C> config,
      BiFunction<C, FleetClock, ? extends AutoCloseable> start) {
    int status = start(name, System.getenv(), config, start);
    if (status != 0) {
      System.exit(status);
    }
  }

  /**
   * Starts a service whose own threads keep the process alive. What is wrong is said in one line.
   *
   * @param name what people call it
   * @return 0 when it runs, else the exit code
   */
  @SuppressWarnings("SystemOut") // For the person at the terminal, whatever the log is set to.
  public static <C> int start(
      String name,
      Map<String, String> environment,
      Function<Settings, C> config,
      BiFunction<C, FleetClock, ? extends AutoCloseable> start) {
    try {
      Settings settings = Settings.of(environment);
      C known = config.apply(settings);
      FleetClock clock =
          settings.parsed(
              "EARSHOT_FLEET_CLOCK",
              FleetClock.realTime(),
              FleetClock::parse,
              "real, or FLEET_INSTANT@MACHINE_INSTANT*SPEED");
      settings.finish(name);
      AutoCloseable service = start.apply(known, clock);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(name, service), name + "-close"));
      return 0;
    } catch (InvalidSettings e) {
      System.err.println("earshot " + name + ": " + e.getMessage());
      return WRONG_SETTINGS;
    } catch (StartException e) {
      System.err.println("earshot " + name + ": " + e.getMessage());
      return COULD_NOT_START;
    }
  }

  private static void close(String name, AutoCloseable service) {
    try {
      service.close();
    } catch (Exception e) {
      LOG.warn("{} did not close cleanly", name, e);
    }
  }
}
