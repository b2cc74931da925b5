package dev.earshot.cli.loss;

import dev.earshot.cli.loss.Network.Direction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Broker, gateway and the networks around them, all on this machine: devices, proxy, gateway,
 * proxy, broker. Each fault is done here.
 */
final class Site implements AutoCloseable {
  /** How long the gateway waits for Kafka: short, so that a run sees many outages out. */
  private static final String DELIVERY_TIMEOUT = "PT3S";

  /** Processes start often here, and have little to do then. */
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  private static final Duration FULL_WITHIN = Duration.ofSeconds(10);

  /** Far more than one takes in Kafka's log, duplicates and all. */
  private static final long BYTES_OF_A_MESSAGE = 1_000;

  private static final long LOOK_MILLIS = 50;

  private final BrokerDisk disk;
  private final Host broker;
  private final Host gateway;
  private final FaultyProxy kafkaProxy;
  private final FaultyProxy deviceProxy;
  private final Deque<AutoCloseable> resources;

  private Site(
      BrokerDisk disk,
      Host broker,
      Host gateway,
      FaultyProxy kafkaProxy,
      FaultyProxy deviceProxy,
      Deque<AutoCloseable> resources) {
    this.disk = disk;
    this.broker = broker;
    this.gateway = gateway;
    this.kafkaProxy = kafkaProxy;
    this.deviceProxy = deviceProxy;
    this.resources = resources;
  }

  /** Whoever waits for the end of a fault; ends early when the whole run ends. */
  @FunctionalInterface
  interface Wait {
    void millis(long millis) throws InterruptedException;
  }

  /**
   * Starts all of it.
   *
   * @param gatewayMain the class that is started as the gateway
   * @param messages that the broker's disk must have room for
   */
  static Site start(Path folder, String gatewayMain, long messages)
      throws IOException, InterruptedException {
    Deque<AutoCloseable> resources = new ArrayDeque<>();
    try {
      BrokerDisk disk = BrokerDisk.open(folder, messages * BYTES_OF_A_MESSAGE);
      resources.push(disk);
      int brokerPort = QuietPort.choose();
      FaultyProxy kafka = new FaultyProxy(QuietPort.choose(), brokerPort);
      resources.push(kafka);
      Host broker = new Host(broker(folder, disk, brokerPort, kafka.port()), brokerPort);
      resources.push(broker);
      int gatewayPort = QuietPort.choose();
      Host gateway = new Host(gateway(folder, gatewayMain, gatewayPort, kafka.port()), gatewayPort);
      resources.push(gateway);
      FaultyProxy devices = new FaultyProxy(QuietPort.choose(), gatewayPort);
      resources.push(devices);
      return new Site(disk, broker, gateway, kafka, devices, resources);
    } catch (IOException | InterruptedException | RuntimeException e) {
      closeAll(resources);
      throw e;
    }
  }

  private static Child.Recipe broker(Path folder, BrokerDisk disk, int port, int advertised) {
    return new Child.Recipe(
        disk.prefix(),
        List.of("-Xmx512m", QUICK_START),
        BrokerProcess.class.getName(),
        List.of(disk.folder().toString(), Integer.toString(port), Integer.toString(advertised)),
        Map.of(),
        folder.resolve("broker.log"));
  }

  private static Child.Recipe gateway(Path folder, String main, int port, int kafkaPort)
      throws IOException {
    return new Child.Recipe(
        List.of(),
        List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError", QUICK_START),
        main,
        List.of(),
        Map.of(
            "EARSHOT_KAFKA",
            "127.0.0.1:" + kafkaPort,
            "EARSHOT_HTTP_HOST",
            "127.0.0.1",
            "EARSHOT_MQTT_PORT",
            Integer.toString(port),
            "EARSHOT_HTTP_PORT",
            Integer.toString(QuietPort.choose()),
            "EARSHOT_INSTANCE",
            "loss-gateway",
            "EARSHOT_DEVICE_AUTH",
            "development",
            "EARSHOT_DELIVERY_TIMEOUT",
            DELIVERY_TIMEOUT,
            "EARSHOT_DRAIN_TIMEOUT",
            "PT5S"),
        folder.resolve("gateway.log"));
  }

  /** Where devices connect. */
  int devicePort() {
    return deviceProxy.port();
  }

  /** Where Kafka clients connect. */
  String bootstrap() {
    return "127.0.0.1:" + kafkaProxy.port();
  }

  /** How the processes have borne it so far. */
  LossReport.Processes processes() {
    return new LossReport.Processes(
        gateway.peakResidentBytes(), gateway.endedByItself(), broker.endedByItself());
  }

  BrokerDisk disk() {
    return disk;
  }

  /** Does a fault, holds it and takes it back; returns when all runs again. */
  void apply(FaultSchedule.Fault fault, Wait wait) throws IOException, InterruptedException {
    long hold = fault.holdMillis();
    switch (fault.kind()) {
      case DEVICE_CUT, KAFKA_CUT -> {
        int _ = proxy(fault).cut(1, new SplittableRandom(fault.seed()));
      }
      case DEVICE_TORN -> {
        deviceProxy.cutInPiece(fault.share(), new SplittableRandom(fault.seed()));
        wait.millis(hold);
      }
      case DEVICE_SLOW, KAFKA_SLOW -> {
        proxy(fault).network().slow(fault.speed());
        wait.millis(hold);
        proxy(fault).network().heal();
      }
      case DEVICE_STALL, KAFKA_STALL -> {
        proxy(fault).network().hold(Direction.UP, Direction.DOWN);
        wait.millis(hold);
        proxy(fault).network().heal();
      }
      case DEVICE_UNANSWERED, KAFKA_UNANSWERED -> {
        proxy(fault).network().hold(Direction.DOWN);
        wait.millis(hold);
        int _ = proxy(fault).cut(1, new SplittableRandom(fault.seed()));
        proxy(fault).network().heal();
      }
      case GATEWAY_KILL -> gateway.restart(killed(wait, hold));
      case GATEWAY_DRAIN -> gateway.restart(ended(wait, hold));
      case GATEWAY_PAUSE -> gateway.hurt(paused(wait, hold));
      case BROKER_RESTART -> broker.restart(ended(wait, hold));
      case BROKER_KILL -> broker.restart(killed(wait, hold));
      case BROKER_PAUSE -> broker.hurt(paused(wait, hold));
      case BROKER_DISK_FULL -> broker.restart(child -> full(child, wait, hold));
    }
  }

  private FaultyProxy proxy(FaultSchedule.Fault fault) {
    return fault.kind().place() == FaultKind.Place.BROKER_NETWORK ? kafkaProxy : deviceProxy;
  }

  private static Host.Deed killed(Wait wait, long hold) {
    return child -> {
      child.kill();
      wait.millis(hold);
    };
  }

  private static Host.Deed ended(Wait wait, long hold) {
    return child -> {
      Host.terminate(child);
      wait.millis(hold);
    };
  }

  private static Host.Deed paused(Wait wait, long hold) {
    return child -> {
      child.pause();
      try {
        wait.millis(hold);
      } finally {
        child.resume();
      }
    };
  }

  /** The broker gives up at its first write that fails, if somebody writes. */
  private void full(Child child, Wait wait, long hold) throws IOException, InterruptedException {
    disk.fill(child);
    long deadline = System.nanoTime() + FULL_WITHIN.toNanos();
    while (child.isAlive() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    wait.millis(hold);
    disk.free(child);
  }

  /** Takes every fault back and waits until all runs. */
  void heal() throws IOException, InterruptedException {
    deviceProxy.network().heal();
    kafkaProxy.network().heal();
    if (!broker.awaitReady()) {
      throw new IOException("the broker does not come back, though all is well again");
    }
    if (!gateway.awaitReady()) {
      throw new IOException("the gateway does not come back, though all is well again");
    }
  }

  @Override
  public void close() {
    closeAll(resources);
  }

  private static void closeAll(Deque<AutoCloseable> resources) {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        throw new IllegalStateException("could not take down what was started", e);
      }
    }
  }
}
