package dev.earshot.cli.up;

import dev.earshot.cli.Connection;
import dev.earshot.cli.Terminal;
import dev.earshot.cli.UserError;
import dev.earshot.cli.trust.LocalTrustFolder;
import dev.earshot.protocol.clock.FleetClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts everything in this process and, unless told otherwise, tells the story of three releases.
 */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = {
      "Start Kafka, registry, gateway, rollout, monitoring and a simulated fleet in one process.",
      "",
      "Then a story tells itself: release 1.0 is the fleet's baseline, 1.1 is rolled out in stages and",
      "passes, 1.2 is worse in some environments and is stopped and rolled back by the gates. A",
      "second `up` on the same data continues where the first was. Ctrl-C ends it."
    })
public final class UpCommand implements Callable<Integer> {
  private static final double STORY_SPEED = 300;
  private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(40);

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where everything is kept (default: ~/.earshot).")
  private @Nullable Path data;

  @Option(
      names = "--devices",
      defaultValue = "500",
      paramLabel = "N",
      description = "Simulated devices, 0 to 20000 (default: ${DEFAULT-VALUE}).")
  private int devices = 500;

  @Option(
      names = "--speed",
      paramLabel = "X",
      description = {
        "How many times faster than real time the fleet lives: devices, exposure, history, soak times",
        "and gates (default: 300 for the story, 1 with --no-demo). Networks and disks stay at 1x."
      })
  private @Nullable Double speed;

  @Option(names = "--no-demo", description = "Only start the system; roll nothing out.")
  private boolean noDemo;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Seed of the simulated world (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--kafka-port",
      defaultValue = "19092",
      paramLabel = "PORT",
      description = "Kafka (default: ${DEFAULT-VALUE}; 0: any free port, for all of these).")
  private int kafkaPort;

  @Option(
      names = "--mqtt-port",
      defaultValue = "1883",
      paramLabel = "PORT",
      description = "MQTT (default: ${DEFAULT-VALUE}).")
  private int mqttPort;

  @Option(
      names = "--gateway-port",
      defaultValue = "7080",
      paramLabel = "PORT",
      description = "Health and metrics of the gateway (default: ${DEFAULT-VALUE}).")
  private int gatewayPort;

  @Option(
      names = "--registry-port",
      defaultValue = "7081",
      paramLabel = "PORT",
      description = "Registry (default: ${DEFAULT-VALUE}).")
  private int registryPort;

  @Option(
      names = "--rollout-port",
      defaultValue = "7082",
      paramLabel = "PORT",
      description = "Rollout service (default: ${DEFAULT-VALUE}).")
  private int rolloutPort;

  @Option(
      names = "--monitoring-port",
      defaultValue = "7083",
      paramLabel = "PORT",
      description = "Monitoring (default: ${DEFAULT-VALUE}).")
  private int monitoringPort;

  @Option(
      names = "--simulator-port",
      defaultValue = "7084",
      paramLabel = "PORT",
      description =
          "Metrics of the simulated fleet: what really happened (default: ${DEFAULT-VALUE}).")
  private int simulatorPort;

  @Override
  public Integer call() throws Exception {
    if (devices < 0 || devices > 20_000) {
      throw new UserError("--devices: " + devices + " (expected: 0 to 20000)");
    }
    double rate = speed != null ? speed : noDemo ? 1 : STORY_SPEED;
    if (!(rate >= 1 && rate <= 3600)) {
      throw new UserError("--speed: " + rate + " (expected: 1 to 3600)");
    }
    if (!noDemo && devices < 100) {
      throw new UserError(
          "--devices: " + devices + " (expected: at least 100 for the story, or add --no-demo)");
    }
    Path folder = (data != null ? data : Connection.defaultData()).toAbsolutePath().normalize();
    // Before anything logs: the terminal belongs to the story.
    System.setProperty("earshot.log", folder.resolve("earshot.log").toString());
    System.setProperty("logback.configurationFile", "logback-up.xml");
    try (DataFolder opened = DataFolder.open(folder)) {
      return run(opened, rate);
    }
  }

  private int run(DataFolder folder, double rate) throws Exception {
    probePorts();
    Terminal terminal = Terminal.standard();
    ClockFile clockFile = new ClockFile(folder.path());
    FleetClock clock = clockFile.start(rate, InstantSource.system());
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> onSignal(stop, stopped), "ctrl-c"));
    terminal.heading("Earshot 0.1.0");
    terminal.line("  data       " + folder.path() + " (log: earshot.log)");
    terminal.status("starting", "starting Kafka and four services ...");
    long begin = System.nanoTime();
    try (AllInOne all =
        AllInOne.start(
            folder.path(),
            new AllInOne.Ports(
                kafkaPort, mqttPort, gatewayPort, registryPort, rolloutPort, monitoringPort),
            folder.adminToken(),
            clock)) {
      terminal.clearStatus();
      Connection.Endpoints endpoints = all.endpoints();
      endpoints.write(folder.path());
      announce(terminal, endpoints, LocalTrustFolder.in(folder.path()).path(), rate, begin);
      Story story =
          new Story(
              folder.path(),
              terminal,
              endpoints,
              all.trust(),
              clock,
              new Story.Fleet(devices, seed, simulatorPort),
              stop);
      story.tell(!noDemo, () -> clockFile.keep(clock));
      terminal.clearStatus();
      terminal.line("stopping ...");
    } finally {
      clockFile.write(clock);
      stopped.countDown();
    }
    return 0;
  }

  private void announce(
      Terminal terminal, Connection.Endpoints endpoints, Path trust, double rate, long begin) {
    terminal.line("  registry   " + endpoints.registry());
    terminal.line("  rollout    " + endpoints.rollout());
    terminal.line("  metrics    " + endpoints.monitoring() + "/metrics (fleet)");
    terminal.line("             " + endpoints.gateway() + "/metrics (gateway)");
    terminal.line(
        "  MQTT       " + endpoints.mqtt() + " (development: devices are believed without proof)");
    terminal.line("  Kafka      " + endpoints.kafka());
    terminal.line("  trust      " + trust + " (what devices are given: --trust DIR)");
    terminal.line(
        "  clock      the fleet lives "
            + Terminal.number(rate, 0)
            + "x real time; networks and disks do not");
    terminal.line("  ready in   " + Terminal.number((System.nanoTime() - begin) / 1e9, 1) + " s");
    terminal.line("");
  }

  /** One clear line before anything is started, instead of a stack trace after half of it was. */
  private void probePorts() {
    Map<String, Integer> ports =
        Map.of(
            "--kafka-port", kafkaPort,
            "--mqtt-port", mqttPort,
            "--gateway-port", gatewayPort,
            "--registry-port", registryPort,
            "--rollout-port", rolloutPort,
            "--monitoring-port", monitoringPort,
            "--simulator-port", simulatorPort);
    ports.forEach(
        (option, port) -> {
          if (port < 0 || port > 65_535) {
            throw new UserError(option + ": " + port + " (expected: 0 to 65535)");
          }
          try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
          } catch (IOException e) {
            throw new UserError(
                "port "
                    + port
                    + " is in use. Fix: stop what listens there, or choose another with "
                    + option
                    + " PORT.",
                e);
          }
        });
  }

  /** Ctrl-C: lets the command end in order, then ends the process with 0. */
  private static void onSignal(CountDownLatch stop, CountDownLatch stopped) {
    boolean asked = stop.getCount() > 0 && stopped.getCount() > 0;
    stop.countDown();
    try {
      boolean done = stopped.await(SHUTDOWN_PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (asked) {
        Runtime.getRuntime().halt(done ? 0 : 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
