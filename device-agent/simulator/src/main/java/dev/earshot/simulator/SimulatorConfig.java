package dev.earshot.simulator;

import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.simulator.device.GatewayAddress;
import dev.earshot.simulator.scenario.Scenario;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a fleet lives through, and where it connects to.
 *
 * @param scenario who the devices are and what happens to them
 * @param endpoints where they connect to
 * @param start when the scenario begins, by the fleet's clock: processes that share a fleet must
 *     agree on it; empty: when the process starts
 * @param eventLoops threads, 1 to 64
 * @param dataDirectory where the devices' flash survives the process; empty: it does not
 * @param scenes folder of audio, for groups of fidelity {@code audio}
 */
public record SimulatorConfig(
    Scenario scenario,
    Endpoints endpoints,
    Optional<Instant> start,
    int eventLoops,
    Optional<Path> dataDirectory,
    Optional<Path> scenes) {
  private static final int USUAL_EVENT_LOOPS = 2;

  public SimulatorConfig {
    if (eventLoops < 1 || eventLoops > 64) {
      throw new IllegalArgumentException("eventLoops: " + eventLoops + " (expected: 1 to 64)");
    }
  }

  /**
   * Where devices connect to.
   *
   * @param gateways at least one; devices are spread over them
   * @param registryUrl base address of the registry without a trailing slash, for what the world
   *     must know; devices download from where their commands say
   * @param trust the two roots pinned in every device
   */
  public record Endpoints(List<GatewayAddress> gateways, String registryUrl, TrustAnchors trust) {
    public Endpoints {
      gateways = List.copyOf(gateways);
      if (gateways.isEmpty()) {
        throw new IllegalArgumentException("gateways: none (expected: at least one host:port)");
      }
      if (!registryUrl.startsWith("http") || registryUrl.endsWith("/")) {
        throw new IllegalArgumentException(
            "registryUrl: '" + registryUrl + "' (expected: http://host:port, no trailing slash)");
      }
    }
  }

  /** On two event loops, with flash that does not survive. */
  public static SimulatorConfig of(Scenario scenario, Endpoints endpoints) {
    return new SimulatorConfig(
        scenario,
        endpoints,
        Optional.empty(),
        USUAL_EVENT_LOOPS,
        Optional.empty(),
        Optional.empty());
  }

  /** How many devices there are. */
  public int devices() {
    return scenario.devices();
  }

  /** The same with its devices' flash in that directory. */
  public SimulatorConfig withDataDirectory(Path directory) {
    return new SimulatorConfig(
        scenario, endpoints, start, eventLoops, Optional.of(directory), scenes);
  }
}
