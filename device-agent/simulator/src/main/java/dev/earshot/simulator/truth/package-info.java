/**
 * What really happened in the simulated fleet, against which everything that was measured can be
 * checked: counts by release and environment, kept by the world itself and not by the reporting
 * path.
 */
@NullMarked
package dev.earshot.simulator.truth;

import org.jspecify.annotations.NullMarked;
