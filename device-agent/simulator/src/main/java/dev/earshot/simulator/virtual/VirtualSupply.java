package dev.earshot.simulator.virtual;

import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.simulator.registry.MemoryReleases;
import java.util.Set;

/**
 * What devices of a run may install, and whom they trust.
 *
 * @param releases everything that can be downloaded
 * @param publisherKeys pinned in every device; one signature suffices
 */
public record VirtualSupply(MemoryReleases releases, Set<SigningKey.Public> publisherKeys) {
  public VirtualSupply {
    publisherKeys = Set.copyOf(publisherKeys);
  }
}
