package dev.earshot.registry.compare;

import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.registry.release.ReleaseDetails;

/**
 * A release that is compared: published, or on its publisher's disk.
 *
 * @param label as people asked for it
 */
public record Side(String label, ReleaseManifest manifest, ReleaseDetails details) {}
