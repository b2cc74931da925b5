package dev.earshot.simulator;

import dev.earshot.protocol.release.PublisherKey;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.simulator.device.FaultPlan;
import dev.earshot.simulator.device.GatewayAddress;
import dev.earshot.simulator.world.PopulationMix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which fleet, where it connects to, and what goes wrong.
 *
 * @param population who the devices are
 * @param endpoints where they connect to
 * @param pace how fast things go
 * @param faults what goes wrong
 * @param dataDirectory where the devices' flash survives the process; empty: it does not
 */
public record SimulatorConfig(
    FleetPlan population,
    Endpoints endpoints,
    Pace pace,
    FaultPlan faults,
    Optional<Path> dataDirectory) {

  /**
   * Who the devices are.
   *
   * @param fleet the tenant that they belong to
   * @param devices how many, 1 to 1000000
   * @param seed of the population and of everything that is drawn
   * @param mix what they are made of
   * @param factoryRelease what new devices leave the factory with; the registry must have it
   */
  public record FleetPlan(
      String fleet, int devices, long seed, PopulationMix mix, ReleaseRef factoryRelease) {
    public FleetPlan {
      if (devices < 1 || devices > 1_000_000) {
        throw new IllegalArgumentException("devices: " + devices + " (expected: 1 to 1000000)");
      }
    }

    /** {@code devices} of the standard mix in fleet {@code home}, seed 1. */
    public static FleetPlan standard(int devices, ReleaseRef factoryRelease) {
      return new FleetPlan("home", devices, 1, PopulationMix.standard(), factoryRelease);
    }
  }

  /**
   * Where devices connect to.
   *
   * @param gateways at least one; devices are spread over them
   * @param registryUrl base address of the registry without a trailing slash, for what the world
   *     must know; devices download from where their commands say
   * @param publisherKeys pinned in every device; one signature suffices
   */
  public record Endpoints(
      List<GatewayAddress> gateways, String registryUrl, Set<PublisherKey.Public> publisherKeys) {
    public Endpoints {
      gateways = List.copyOf(gateways);
      publisherKeys = Set.copyOf(publisherKeys);
      if (gateways.isEmpty()) {
        throw new IllegalArgumentException("gateways: none (expected: at least one host:port)");
      }
      if (publisherKeys.isEmpty()) {
        throw new IllegalArgumentException("publisherKeys: none (expected: at least one)");
      }
      if (!registryUrl.startsWith("http") || registryUrl.endsWith("/")) {
        throw new IllegalArgumentException(
            "registryUrl: '" + registryUrl + "' (expected: http://host:port, no trailing slash)");
      }
    }
  }

  /**
   * How fast things go.
   *
   * @param heartbeatInterval fleet time
   * @param connectsPerSecond how many devices are switched on in a machine second, 1 to 100000
   * @param eventLoops threads, 1 to 64
   */
  public record Pace(Duration heartbeatInterval, int connectsPerSecond, int eventLoops) {
    public Pace {
      if (heartbeatInterval.isNegative() || heartbeatInterval.isZero()) {
        throw new IllegalArgumentException(
            "heartbeatInterval: " + heartbeatInterval + " (expected: longer than zero)");
      }
      if (connectsPerSecond < 1 || connectsPerSecond > 100_000) {
        throw new IllegalArgumentException(
            "connectsPerSecond: " + connectsPerSecond + " (expected: 1 to 100000)");
      }
      if (eventLoops < 1 || eventLoops > 64) {
        throw new IllegalArgumentException("eventLoops: " + eventLoops + " (expected: 1 to 64)");
      }
    }

    /** A heartbeat every 15 minutes, 200 connects a second, two event loops. */
    public static Pace standard() {
      return new Pace(Duration.ofMinutes(15), 200, 2);
    }
  }

  /** A fleet without faults, whose flash does not survive. */
  public static SimulatorConfig of(FleetPlan population, Endpoints endpoints) {
    return new SimulatorConfig(
        population, endpoints, Pace.standard(), FaultPlan.NONE, Optional.empty());
  }

  /** The same with its devices' flash in that directory. */
  public SimulatorConfig withDataDirectory(Path directory) {
    return new SimulatorConfig(population, endpoints, pace, faults, Optional.of(directory));
  }

  /** The same with those faults. */
  public SimulatorConfig withFaults(FaultPlan plan) {
    return new SimulatorConfig(population, endpoints, pace, plan, dataDirectory);
  }

  /** The same at that pace. */
  public SimulatorConfig withPace(Pace other) {
    return new SimulatorConfig(population, endpoints, other, faults, dataDirectory);
  }
}
