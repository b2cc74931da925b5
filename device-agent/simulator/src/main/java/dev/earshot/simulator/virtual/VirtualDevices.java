package dev.earshot.simulator.virtual;

import dev.earshot.agent.AgentSettings;
import dev.earshot.agent.FactoryImage;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.simulator.DeviceMaker;
import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.device.FaultPlan;
import dev.earshot.simulator.device.FleetServices;
import dev.earshot.simulator.device.FleetTally;
import dev.earshot.simulator.device.SelfTests;
import dev.earshot.simulator.device.SimulatedDevice;
import dev.earshot.simulator.device.SimulatedDevice.Surroundings;
import dev.earshot.simulator.flash.FlashStore;
import dev.earshot.simulator.flash.ImagePool;
import dev.earshot.simulator.flash.SimulatedFlash;
import dev.earshot.simulator.registry.Catalogue;
import dev.earshot.simulator.registry.SignedReleases;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.scenario.Scenario.Arrival;
import dev.earshot.simulator.truth.Ledger;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A scenario's devices on a virtual loop. Used by one thread. */
final class VirtualDevices {
  private static final double MILLIS_PER_SECOND = 1000;

  private final Scenario scenario;
  private final FleetServices services;
  private final List<SimulatedDevice> devices = new ArrayList<>();

  private VirtualDevices(Scenario scenario, FleetServices services) {
    this.scenario = scenario;
    this.services = services;
  }

  /** Makes them, switched off, with the factory's image. */
  static VirtualDevices of(
      Scenario scenario, VirtualLoop loop, VirtualSupply supply, VirtualGateway gateway)
      throws IOException {
    TrustAnchors trust = supply.trust().anchors();
    SignedReleases registry = new SignedReleases(supply.releases(), supply.trust(), loop);
    Catalogue catalogue = new Catalogue(registry, trust, loop, scenario.regressions());
    FactoryImage image = now(catalogue.factoryImage(scenario.factoryRelease()));
    now(catalogue.learn(scenario.factoryRelease()));
    FleetServices services =
        new FleetServices(
            loop,
            AgentSettings.defaults(trust).withHeartbeatInterval(scenario.heartbeatInterval()),
            catalogue,
            new SelfTests(),
            new Ledger(),
            new FleetTally(),
            new FaultPlan(scenario.faults(), loop.instant()),
            scenario.seed());
    VirtualDevices made = new VirtualDevices(scenario, services);
    Surroundings surroundings =
        new Surroundings(
            loop,
            new VirtualRegistry(loop, registry),
            services.uplink(1, number -> gateway, gateway, loop));
    made.make(image, surroundings);
    return made;
  }

  private void make(FactoryImage image, Surroundings surroundings) throws IOException {
    ImagePool pool = new ImagePool();
    DeviceMaker maker = new DeviceMaker(scenario, services);
    for (int index = 0; index < scenario.devices(); index++) {
      SimulatedFlash flash = new SimulatedFlash(index, pool, FlashStore.VOLATILE);
      var _ = image.installOn(flash);
      devices.add(maker.device(index, flash, surroundings, 0));
    }
  }

  /** Arranges when each goes on. */
  void switchOn(VirtualLoop loop) {
    for (int i = 0; i < devices.size(); i++) {
      SimulatedDevice device = devices.get(i);
      var _ =
          loop.afterFleet(
              Duration.ofMillis(arrivalMillis(scenario.arrival(), i, devices.size())),
              device::powerOn);
    }
  }

  /** When the device with that number goes on, of so many. */
  static long arrivalMillis(Arrival arrival, int number, int of) {
    double share = (double) number / of;
    double over = arrival.over().toMillis();
    double wanted =
        switch (arrival.shape()) {
          case CONSTANT -> share * over;
          case RAMP -> Math.sqrt(share) * over; // the rate grows linearly, the count as its square
          case STORM -> 0;
        };
    return (long) Math.max(wanted, number * MILLIS_PER_SECOND / arrival.perSecond());
  }

  List<SimulatedDevice> all() {
    return devices;
  }

  FleetServices services() {
    return services;
  }

  FleetStats stats() {
    return FleetStats.of(devices.size(), services.tally());
  }

  /** What files in memory give is there at once. */
  private static <T> T now(CompletionStage<T> stage) throws IOException {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    }
  }
}
