package dev.earshot.simulator;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What of a fleet runs in this process, and how it connects. Nothing that happens to a device
 * depends on it.
 *
 * @param shard which devices
 * @param sources local addresses to connect from, by turns; empty: the system chooses
 * @param keepAlive of MQTT: a device that sent nothing for so long pings; 5 s to 18 h
 */
public record Placement(Shard shard, List<InetAddress> sources, Duration keepAlive) {
  /** A ping a minute keeps the tables of home routers warm. */
  public static final Duration DEFAULT_KEEP_ALIVE = Duration.ofSeconds(60);

  /** The whole fleet in this process. */
  public static final Placement WHOLE = new Placement(Shard.WHOLE, List.of(), DEFAULT_KEEP_ALIVE);

  public Placement {
    sources = List.copyOf(sources);
    if (keepAlive.toSeconds() < 5 || keepAlive.toSeconds() > 65_000) {
      throw new IllegalArgumentException(
          "keepAlive: " + keepAlive.toSeconds() + " s (expected: 5 to 65000)");
    }
  }
}
