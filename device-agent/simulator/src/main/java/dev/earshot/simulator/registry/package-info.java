/**
 * What the simulated world knows about releases, from the registry: the factory's image, and the
 * evaluations that say how each model behaves.
 */
@NullMarked
package dev.earshot.simulator.registry;

import org.jspecify.annotations.NullMarked;
