/**
 * What a release is to the registry: which are known ({@link
 * dev.earshot.registry.release.ReleaseCatalog}), which may be added ({@link
 * dev.earshot.registry.release.ReleaseGate}), and how they are shown ({@link
 * dev.earshot.registry.release.ReleaseView}). Refusals are values with a reason from a closed set.
 * Knows nothing of Kafka or HTTP.
 */
@NullMarked
package dev.earshot.registry.release;

import org.jspecify.annotations.NullMarked;
