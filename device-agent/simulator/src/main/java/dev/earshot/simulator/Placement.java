package dev.earshot.simulator;

import java.net.InetAddress;
import java.util.List;

/**
 * What of a fleet runs in this process, and from where it connects. Nothing that happens to a
 * device depends on it.
 *
 * @param shard which devices
 * @param sources local addresses to connect from, by turns; empty: the system chooses
 */
public record Placement(Shard shard, List<InetAddress> sources) {
  /** The whole fleet in this process. */
  public static final Placement WHOLE = new Placement(Shard.WHOLE, List.of());

  public Placement {
    sources = List.copyOf(sources);
  }
}
