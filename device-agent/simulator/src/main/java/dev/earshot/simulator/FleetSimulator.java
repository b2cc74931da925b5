package dev.earshot.simulator;

import dev.earshot.agent.AgentSettings;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.simulator.device.FaultPlan;
import dev.earshot.simulator.device.FleetServices;
import dev.earshot.simulator.device.FleetTally;
import dev.earshot.simulator.device.SelfTests;
import dev.earshot.simulator.device.SimulatedDevice;
import dev.earshot.simulator.device.SimulatedDevice.Surroundings;
import dev.earshot.simulator.flash.FlashJournal;
import dev.earshot.simulator.flash.ImagePool;
import dev.earshot.simulator.flash.SimulatedFlash;
import dev.earshot.simulator.measure.Meter;
import dev.earshot.simulator.registry.Catalogue;
import dev.earshot.simulator.registry.HttpReleaseFiles;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.scenario.Scenario.Arrival;
import dev.earshot.simulator.truth.HeartbeatFates;
import dev.earshot.simulator.truth.Ledger;
import dev.earshot.simulator.truth.Truth;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running fleet. Devices are switched on at the configured pace, connect to the gateway, report,
 * and do what they are commanded to, each with the agent core of a real device. What really happens
 * to them is in {@link #truth()}. With a data directory, devices survive the end of the process, at
 * any instant, like a power cut: they boot with a higher boot id and whatever their flash holds.
 * Methods are safe for use by many threads.
 */
public final class FleetSimulator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FleetSimulator.class);
  private static final long FORCE_MILLIS = 1000;
  private static final long POLL_MILLIS = 20;

  private final SimulatorConfig config;
  private final Placement placement;
  private final int[] indices;
  private final Meter meter = new Meter();
  private final Vertx vertx;
  private final @Nullable FlashJournal journal;
  private final FleetServices services;
  private final List<List<SimulatedDevice>> devicesByLoop = new ArrayList<>();
  private List<Surroundings> loops = List.of();
  private volatile HeartbeatFates heartbeats = HeartbeatFates.NONE;

  private FleetSimulator(
      SimulatorConfig config,
      FleetClock clock,
      Placement placement,
      Vertx vertx,
      @Nullable FlashJournal journal) {
    this.config = config;
    this.placement = placement;
    this.indices = placement.shard().indices(config.devices()).toArray();
    this.vertx = vertx;
    this.journal = journal;
    Scenario scenario = config.scenario();
    TrustAnchors trust = config.endpoints().trust();
    this.services =
        new FleetServices(
            clock,
            AgentSettings.defaults(trust).withHeartbeatInterval(scenario.heartbeatInterval()),
            new Catalogue(
                new HttpReleaseFiles(vertx, config.endpoints().registryUrl()),
                trust,
                clock,
                scenario.regressions()),
            new SelfTests(),
            new Ledger(),
            new FleetTally(),
            new FaultPlan(scenario.faults(), config.start().orElseGet(clock::instant)),
            scenario.seed());
  }

  /**
   * Starts a fleet. Returns when the first device is about to be switched on.
   *
   * @throws IOException when the registry does not have what the fleet needs to begin with, or the
   *     data directory can't be used; the message says what to do
   */
  public static FleetSimulator start(SimulatorConfig config, FleetClock clock) throws IOException {
    return start(config, clock, Placement.WHOLE);
  }

  /** Starts a part of a fleet; other processes run the others, on the same clock. */
  public static FleetSimulator start(SimulatorConfig config, FleetClock clock, Placement placement)
      throws IOException {
    ImagePool pool = new ImagePool();
    FlashJournal journal =
        config.dataDirectory().isPresent()
            ? FlashJournal.open(config.dataDirectory().get(), pool)
            : null;
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(config.eventLoops()));
    FleetSimulator simulator = new FleetSimulator(config, clock, placement, vertx, journal);
    try {
      simulator.begin(clock.speed(), pool);
      return simulator;
    } catch (IOException | RuntimeException e) {
      simulator.close();
      throw e;
    }
  }

  /** All that is known of the fleet at this moment. */
  public FleetReport report() {
    return new FleetReport(
        stats(),
        truth(),
        services.ledger().fates(),
        heartbeats,
        meter.measurements(),
        ProcessUse.ofThisProcess());
  }

  /** Asks every device: for a fleet at rest only. */
  private HeartbeatFates countedHeartbeats() {
    List<HeartbeatFates> parts = Collections.synchronizedList(new ArrayList<>());
    parts.add(services.ledger().unmade());
    onEachLoop(
        devices ->
            parts.add(
                devices.stream()
                    .map(SimulatedDevice::heartbeatFates)
                    .reduce(HeartbeatFates.NONE, HeartbeatFates::plus)));
    return parts.stream().reduce(HeartbeatFates.NONE, HeartbeatFates::plus);
  }

  /** The fleet at this moment. */
  public FleetStats stats() {
    return FleetStats.of(indices.length, services.tally());
  }

  /**
   * What really happened since the start. What happened in a device's open interval is in it when
   * the interval closes.
   */
  public Truth truth() {
    return services.ledger().snapshot();
  }

  /**
   * The world stops: nothing happens any more, every device closes its interval and its heartbeats
   * are sent until the last is acknowledged. The devices stay connected. Afterwards, without faults
   * that destroy heartbeats, what happened equals what was acknowledged.
   *
   * @throws TimeoutException when heartbeats still wait for acknowledgement after that (machine)
   *     time; says how many, on how many devices
   */
  public void quiesce(Duration patience) throws TimeoutException {
    onEachLoop(devices -> devices.forEach(SimulatedDevice::finish));
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      int[] waiting = waiting();
      if (waiting[0] == 0) {
        heartbeats = countedHeartbeats();
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            waiting[0]
                + " heartbeats of "
                + waiting[1]
                + " devices are not acknowledged after "
                + patience.toSeconds()
                + " s");
      }
      pause();
    }
  }

  /**
   * Switches the fleet off, as a power cut would: heartbeats that wait are lost (call {@link
   * #quiesce} before, when they matter).
   */
  @Override
  public void close() {
    if (!devicesByLoop.isEmpty()) {
      onEachLoop(devices -> devices.forEach(SimulatedDevice::powerOff));
    }
    vertx.close().await();
    FlashJournal open = journal;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        log.warn("the devices' flash could not be closed: {}", e.getMessage());
      }
    }
  }

  private void begin(double speed, ImagePool pool) throws IOException {
    DeviceFactory factory = DeviceFactory.open(config, services, pool);
    List<SimulatedFlash> flashes = factory.flashes(indices, Optional.ofNullable(journal));
    loops =
        DeviceLoops.start(
            vertx,
            config.eventLoops(),
            speed,
            config.endpoints().gateways(),
            placement,
            meter,
            services);
    loops.forEach(loop -> devicesByLoop.add(new ArrayList<>()));
    for (int i = 0; i < indices.length; i++) {
      int loop = i % loops.size();
      devicesByLoop.get(loop).add(factory.device(indices[i], flashes.get(i), loops.get(loop)));
    }
    // The pace is the whole fleet's.
    Arrival arrival = config.scenario().arrival();
    double perSecond = (double) arrival.perSecond() * indices.length / config.devices();
    log.info("{} devices go on, at most {} a second", indices.length, perSecond);
    double perLoop = perSecond / loops.size();
    for (int loop = 0; loop < loops.size(); loop++) {
      new Arrivals(devicesByLoop.get(loop), loops.get(loop).loop(), arrival, perLoop).begin();
    }
    FlashJournal open = journal;
    if (open != null) {
      var _ =
          vertx.setPeriodic(
              FORCE_MILLIS, timer -> vertx.executeBlocking(Executors.callable(() -> force(open))));
    }
  }

  /** Heartbeats that wait, and devices that have any. */
  private int[] waiting() {
    int[] sums = new int[2];
    List<int[]> parts = new ArrayList<>();
    onEachLoop(
        devices -> {
          int[] part = new int[2];
          for (SimulatedDevice device : devices) {
            part[0] += device.unacknowledged();
            part[1] += device.drained() ? 0 : 1;
          }
          synchronized (parts) {
            parts.add(part);
          }
        });
    for (int[] part : parts) {
      sums[0] += part[0];
      sums[1] += part[1];
    }
    return sums;
  }

  private void onEachLoop(Consumer<List<SimulatedDevice>> task) {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int loop = 0; loop < devicesByLoop.size(); loop++) {
      List<SimulatedDevice> devices = devicesByLoop.get(loop);
      all.add(CompletableFuture.runAsync(() -> task.accept(devices), loops.get(loop).loop()));
    }
    all.forEach(CompletableFuture::join);
  }

  private static void force(FlashJournal journal) {
    try {
      journal.force();
    } catch (IOException e) {
      log.warn("the devices' flash could not be made durable: {}", e.getMessage());
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the fleet comes to rest", e);
    }
  }
}
