package dev.earshot.simulator.command;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.simulator.SimulatorConfig.Endpoints;
import dev.earshot.simulator.device.GatewayAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which system the devices join, and in which time they live. */
final class SystemOptions {
  private static final String REGISTRY = "http://localhost:7081";

  @Option(
      names = "--gateway",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "Gateways, by turns (default: that of the `earshot up`, else localhost:1883).")
  List<String> gateways = List.of();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      split = ",",
      description = "Gateways by name only; all of them listen on --port.")
  List<String> hosts = List.of();

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      defaultValue = "1883",
      description = "Of the gateways of --host (default: ${DEFAULT-VALUE}).")
  int port;

  @Option(
      names = "--registry",
      paramLabel = "URL",
      description = "Registry (default: that of the `earshot up`, else http://localhost:7081).")
  @Nullable String registry;

  @Option(
      names = "--trust",
      paramLabel = "DIR",
      description =
          "Folder with image-root.json and director-root.json, pinned in every device; without it"
              + " the devices join the `earshot up` on this machine (see --system).")
  @Nullable Path trust;

  @Option(
      names = "--system",
      paramLabel = "DIR",
      description =
          "Data folder of the `earshot up` whose fleet this is (default: ~/.earshot, unless"
              + " --trust is given).")
  @Nullable Path folder;

  @ArgGroup(exclusive = true)
  @Nullable Time time;

  /** Which time the fleet lives in. */
  static final class Time {
    @Option(
        names = "--speed",
        paramLabel = "X",
        description = "How much faster than the machine's the fleet's clock runs (default: 1).")
    double speed = 1;

    @Option(
        names = "--clock",
        paramLabel = "SPEC",
        description = "A clock shared with other processes: FLEET_INSTANT@MACHINE_INSTANT*SPEED.")
    @Nullable String clock;
  }

  /**
   * Where the devices connect to, and whom they trust.
   *
   * @param live what is not said is taken from it
   */
  Endpoints endpoints(Optional<LiveSystem> live) throws IOException {
    String registryUrl =
        registry != null ? registry : live.map(LiveSystem::registry).orElse(REGISTRY);
    return new Endpoints(gateways(live), registryUrl, TrustAnchors.read(trustFolder(live)));
  }

  /** Where what the devices trust lies. */
  Path trustFolder(Optional<LiveSystem> live) {
    Path given = trust;
    return given != null ? given : live.orElseThrow().trust();
  }

  /** The data folder of the {@code earshot up} to join; empty: the usual one. */
  Optional<Path> folder() {
    return Optional.ofNullable(folder);
  }

  /** Whether everything is said that an unknown system needs. */
  boolean isAlone() {
    return trust != null;
  }

  private List<GatewayAddress> gateways(Optional<LiveSystem> live) {
    if (hosts.isEmpty()) {
      List<String> told =
          gateways.isEmpty()
              ? List.of(live.map(LiveSystem::gateway).orElse("localhost:1883"))
              : gateways;
      return told.stream().map(GatewayAddress::parse).toList();
    }
    if (!gateways.isEmpty()) {
      throw new IllegalArgumentException("--host: together with --gateway (expected: one of them)");
    }
    return hosts.stream().map(host -> new GatewayAddress(host, port)).toList();
  }

  /** The time that the fleet lives in. */
  FleetClock clock(Optional<LiveSystem> live) {
    Time chosen = time;
    if (chosen == null) {
      return live.map(LiveSystem::clock).orElseGet(FleetClock::realTime);
    }
    if (live.isPresent()) {
      throw new IllegalArgumentException(
          "--speed, --clock: the fleet of an `earshot up` lives in its time (fix: start that with"
              + " --speed)");
    }
    String shared = chosen.clock;
    return shared != null
        ? FleetClock.parse(shared)
        : FleetClock.startingAt(Instant.now(), chosen.speed, InstantSource.system());
  }
}
