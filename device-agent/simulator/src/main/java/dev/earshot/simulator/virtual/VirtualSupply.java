package dev.earshot.simulator.virtual;

import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.simulator.registry.MemoryReleases;

/**
 * What devices of a run may install, and whom they trust.
 *
 * @param releases everything that can be downloaded, signed by the trust's publisher
 * @param trust whose two roots are pinned in every device; signs what lists the releases, and what
 *     the backend's director orders
 */
public record VirtualSupply(MemoryReleases releases, LocalTrust trust) {}
